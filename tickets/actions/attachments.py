"""The files of a mail: cleaned, told by their content, and shown in the conversation; what can't be is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from chatdesk.actions.files import receive
from chatdesk.models import Conversation, Entry, Participant
from chatdesk.protocol import Code, Refused
from tickets import remarks
from tickets.actions.holding import hold
from tickets.actions.letters import add_remarks
from tickets.masking import Cleaned, Rules, Unclean, clean_file, mask_name, viewable
from tickets.models import Held, IncomingMail
from tickets.reading.message import FilePart

REASONS = {
    Code.FILE_TYPE: Held.Reason.FILE_TYPE,
    Code.FILE_TOO_LARGE: Held.Reason.FILE_TYPE,
    Code.FILE_UNREADABLE: Held.Reason.UNREADABLE,
}


@dataclass(frozen=True)
class Shelf:
    """Where the files of a mail go, and beside which entry they stand. No participant: a third party's."""

    conversation: Conversation
    participant: Participant | None
    entry: Entry
    mail: IncomingMail
    client_id: str


def put_all(shelf: Shelf, parts: Sequence[FilePart], rules: Rules) -> list[int]:
    """Every file, in order; the numbers of their entries. What became of the others is among the letter's remarks."""
    entries = [put(shelf, part, rules) for part in parts]
    if not entries:
        return []
    waiting = Held.objects.filter(incoming=shelf.mail, part__gte=0).count()
    found = {remarks.FILES_HELD: waiting > 0, remarks.PARTS_REMOVED: entries.count(None) > waiting}
    add_remarks(shelf.entry, [remark for remark, holds in found.items() if holds])
    return [entry.seq for entry in entries if entry is not None]


def put(shelf: Shelf, part: FilePart, rules: Rules) -> Entry | None:
    """One file as the next entry; None if it has to wait for a person, or nothing of it remained.

    Safe to repeat. Raises Refused with `retry` when it can't be stored just now. To be called outside a transaction.
    """
    try:
        cleaned = viewable(clean_file(part.name, part.media_type, part.data, rules))
    except Unclean as unclean:
        _hold(shelf, part, mask_name(part.name, rules).text, unclean.reason, unclean.detail)
        return None
    if cleaned.is_gone:
        return None
    return _received(shelf, part, cleaned)


def _received(shelf: Shelf, part: FilePart, cleaned: Cleaned) -> Entry | None:
    upload = SimpleUploadedFile(cleaned.name or "file", cleaned.data)
    try:
        return receive(shelf.conversation, shelf.participant, upload, f"{shelf.client_id}-{part.index}", paced=False)
    except Refused as refused:
        if refused.retry or refused.code not in REASONS:
            raise
        _hold(shelf, part, cleaned.name, REASONS[refused.code], refused.detail)
        return None


def _hold(shelf: Shelf, part: FilePart, name: str, reason: str, detail: str) -> None:
    about: dict[str, Any] = {"conversation": shelf.conversation, "incoming": shelf.mail, "entry": shelf.entry}
    hold(reason, **about, part=part.index, name=name, detail=detail)
