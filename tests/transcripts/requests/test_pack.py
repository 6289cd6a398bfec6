"""The person's copy: everything of theirs, nothing of anybody else's, to read and for machines."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from accounts.models import User
from chatdesk.actions.entries import post_entry
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation
from tests.factories import Cast, make_conversation, make_participant
from tests.transcripts.exporting.archive import packed, parts
from tests.transcripts.requests.conftest import By, Kind, Takes
from tests.transcripts.retention.stage import MARKER, close, make_full, policy, post_file, step
from tickets.actions import correspondents
from transcripts.actions.exporting.running import run_due
from transcripts.actions.requesting import choosing, packing
from transcripts.models import Export, Purpose, RequestItem

EMAIL = (By.EMAIL, f"{MARKER}@visitor.example")
OTHERS = ("walt@home.example", "Walt", "Alice", "alice@", "otto@else.example", "Whispered", "Secret-note")


def copy_of(cora: User, purpose: Purpose, number: int) -> zipfile.ZipFile:
    export = packing.pack(cora, purpose, number)
    run_due()
    export.refresh_from_db()
    assert export.is_finished, export.state
    (part,) = parts(export)
    return packed(part)


def everything(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Names and bytes, of archives within as well."""
    for name in archive.namelist():
        content = archive.read(name)
        yield name, content
        if zipfile.is_zipfile(io.BytesIO(content)):
            yield from everything(zipfile.ZipFile(io.BytesIO(content)))


def talk(cast: Cast) -> Conversation:
    """Hers, with an operator, a note, words about others, and somebody who was in copy."""
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice, name="Vera", email=EMAIL[1])
    post_entry(chat, make_participant(chat), "I am Vera; my brother is otto@else.example", client_id="1")
    post_entry(chat, make_participant(chat, cast.alice), f"Alice here. Written to {EMAIL[1]}", client_id="2")
    post_file(chat)
    store_note(chat.pk, cast.alice, "Secret-note", "n1")
    correspondents.of_visitor(chat, EMAIL[1], "Vera")
    close(chat)
    return chat


def test_all_of_theirs_and_nothing_of_others(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = talk(cast)
    other = make_conversation(cast.sales_button, cast.walt, cast.alice, name="Walt", email="walt@home.example")
    post_entry(other, make_participant(other), "Whispered by Walt", client_id="w")
    close(other)
    request = ready(Kind.ACCESS, EMAIL)
    archive = copy_of(cora, purpose, request.pk)
    names = archive.namelist()
    assert f"html/conversations/{chat.ref}.html" in names
    assert f"json/conversations/{chat.ref}.json" in names
    for name, content in everything(archive):
        for mark in (*OTHERS, other.ref):
            assert mark.encode() not in content, (name, mark)
            assert mark not in name
    told = json.loads(archive.read(f"json/conversations/{chat.ref}.json"))
    texts = [event["text"] for event in told["events"]]
    assert "I am Vera; my brother is [redacted]" in texts
    assert f"Operator 1 here. Written to {EMAIL[1]}" in texts
    (document,) = [event["document"] for event in told["events"] if event["document"]]
    assert document["missing"] or archive.read(f"json/{document['path']}") == f"{MARKER} 0".encode()


def test_unticked_ones_are_not_in_it(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    one, two = talk(cast), talk(cast)
    request = ready(Kind.PORTABILITY, EMAIL)
    keep = RequestItem.objects.get(conversation=one)
    choosing.choose(cora, purpose, request.pk, [keep.pk], "the other is her sister's")
    assert choosing.confirm(cora, purpose, request.pk)
    names = copy_of(cora, purpose, request.pk).namelist()
    assert any(one.ref in name for name in names)
    assert not any(two.ref in name for name in names)


def test_what_waits_to_be_destroyed_is_still_theirs(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera, files=0)
    policy(delete_days=30)
    step(0)
    request = ready(Kind.ACCESS, EMAIL)
    assert f"html/conversations/{chat.ref}.html" in copy_of(cora, purpose, request.pk).namelist()


def test_made_again_the_newest_counts(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera, files=0)
    request = ready(Kind.ACCESS, EMAIL)
    first = packing.pack(cora, purpose, request.pk)
    second = packing.pack(cora, purpose, request.pk)
    request.refresh_from_db()
    assert request.export == second
    assert Export.objects.count() == 2
    assert (first.query, first.profile) == (f"request:{request.pk}", "subject")


def test_nothing_found_is_a_copy_of_nothing(ready: Takes, cora: User, purpose: Purpose) -> None:
    request = ready(Kind.ACCESS, (By.EMAIL, "nobody@home.example"))
    names = copy_of(cora, purpose, request.pk).namelist()
    assert not [name for name in names if "conversations/" in name]


@pytest.mark.parametrize("text", [MARKER, "vera"])
def test_the_export_names_nobody_in_its_row_or_manifest(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose, text: str
) -> None:
    make_full(cast, cast.vera, files=0)
    request = ready(Kind.ACCESS, EMAIL)
    archive = copy_of(cora, purpose, request.pk)
    export = Export.objects.get()
    assert text.lower() not in f"{export.query} {export.reason}".lower()
    assert text.lower() not in archive.read("manifest.json").decode().lower()
