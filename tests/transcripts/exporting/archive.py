"""A small archive, written by the product's own actions; and exports of it, run and taken apart."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from chatdesk.actions.conversations import close_by_operator
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.actions.notes import store_note
from chatdesk.models import Button, Conversation
from tests.factories import Cast, Guest, make_conversation, make_participant
from transcripts.actions.exporting.asking import Wanted, ask
from transcripts.actions.exporting.profiles import profiled
from transcripts.actions.exporting.running import run_due
from transcripts.actions.exporting.stories import RELATED, whole_story
from transcripts.actions.exporting.told import told_of
from transcripts.formats.story import Story
from transcripts.models import Export, ExportPart, Profile


def pdf(mark: str) -> bytes:
    """As little as passes for a PDF, unlike every other."""
    return b"%PDF-1.4\n% " + mark.encode() + b"\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def talked(
    cast: Cast,
    *words: str,
    guest: Guest | None = None,
    files: int = 0,
    note: str = "",
    closed: bool = True,
    button: Button | None = None,
    **facts: Any,
) -> Conversation:
    """A conversation of vera with alice: what vera said, alice's answer, files, a note; closed by alice."""
    conversation = make_conversation(button or cast.sales_button, guest or cast.vera, cast.alice, **facts)
    visitor = make_participant(conversation)
    for number, text in enumerate(words):
        post_entry(conversation, visitor, text, f"v{number}")
    alice = make_participant(conversation, cast.alice)
    post_entry(conversation, alice, f"Answer to {len(words)}", "a1")
    for number in range(files):
        upload = SimpleUploadedFile(f"invoice-{number}.pdf", pdf(f"{number}{conversation.ref}"))
        receive(conversation, visitor, upload, f"f{number}", paced=False)
    if note:
        store_note(conversation.pk, cast.alice, note, "n1")
    if closed:
        close_by_operator(cast.alice, conversation.ref)
    conversation.refresh_from_db()
    return conversation


def exported(by: User | None = None, **wanted: Any) -> Export:
    """An export, asked for and run as far as it goes."""
    export = ask(Wanted(**wanted), by)
    run_due()
    export.refresh_from_db()
    return export


def parts(export: Export) -> list[ExportPart]:
    return list(export.parts.order_by("number"))


def packed(part: ExportPart) -> zipfile.ZipFile:
    with default_storage.open(part.place, "rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def unpacked(part: ExportPart, folder: Path) -> Path:
    packed(part).extractall(folder)
    return folder


def read(part: ExportPart, path: str) -> bytes:
    return packed(part).read(path)


def records(export: Export) -> Iterator[dict[str, Any]]:
    """The records of all volumes, parsed."""
    for part in parts(export):
        yield from (json.loads(line) for line in read(part, "records/records.jsonl").splitlines())


def texts(export: Export) -> list[str]:
    return [line["content"]["body"] for line in records(export) if "body" in line["content"]]


def manifest(part: ExportPart) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read(part, "manifest.json"))
    return found


def story_of(conversation_id: int, profile: str = Profile.FULL, *, last: int | None = None) -> Story:
    """The conversation as a profile tells it, up to record `last`."""
    conversation = Conversation.objects.select_related(*RELATED).get(pk=conversation_id)
    return profiled(whole_story(conversation, told_of(conversation_id, last)), profile, b"")
