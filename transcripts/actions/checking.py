"""Whether a conversation's records are whole, and whether its rows still say what was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from chatdesk.models import Conversation, Entry, Note
from transcripts.actions import happenings
from transcripts.actions.chains import locked
from transcripts.actions.linking import moment
from transcripts.kinds import Kind
from transcripts.models import NOTHING_BEFORE, Chain, LogLeaf, Record
from transcripts.proof.chain import next_hash
from transcripts.proof.commitment import commitment, decoded

WITHHOLDING = frozenset({Kind.ERASED, Kind.WITHHELD})


class What(StrEnum):
    MISSING = "missing"  # a record, or all of them
    CHANGED = "changed"  # its frame or its hash
    COLUMNS = "columns"  # what its row says beside the frame
    CONTENT = "content"  # what was said
    WITHHELD = "withheld"  # what was said has gone, and no later record says why
    ENTRY = "entry"  # an entry's number, time, kind or author; or it has gone, or was never recorded
    NOTE = "note"  # the same of a note
    TAIL = "tail"  # records after this one are gone, or were added
    LOG = "log"  # the site's log knows another hash for this record


@dataclass(frozen=True, slots=True)
class Fault:
    """The first record with which something is wrong."""

    ref: str
    number: int
    what: What


@dataclass(frozen=True)
class Live:
    """The rows that the records tell of, by number, and what the log knows: hashes by the record's number."""

    entries: dict[int, Entry]
    notes: dict[int, Note]
    logged: dict[int, str]


@transaction.atomic
def check(conversation: Conversation) -> Fault | None:
    """Recompute every record, compare it with the live rows and with the site's log: the first fault, or None.

    A conversation from before there were records, whose chain is not begun yet, has none to be wrong. What goes on
    waits meanwhile.
    """
    locked(conversation.pk)
    live = _live(conversation)
    chain = Chain.objects.filter(conversation=conversation).first()
    records = list(Record.objects.filter(conversation=conversation).order_by("number"))
    if chain is None and not records and not live.logged:
        return None
    found = next(_faults(conversation, records, live), None) or _fault_of_end(chain, records, live)
    return Fault(conversation.ref, *found) if found else None


Found = tuple[int, What]


def _live(conversation: Conversation) -> Live:
    entries = Entry.objects.filter(conversation=conversation).select_related("file")
    leaves = LogLeaf.objects.filter(about=conversation.ref).values_list("data", flat=True)
    bodies = [json.loads(data)["body"] for data in leaves]
    return Live(
        {row.seq: row for row in entries},
        {row.number: row for row in Note.objects.filter(conversation=conversation).select_related("author")},
        {body["count"]: body["head"] for body in bodies if "head" in body and "count" in body},
    )


def _faults(conversation: Conversation, records: list[Record], live: Live) -> Iterator[Found]:
    """In the order of the records; of one record, the chain first."""
    previous = bytes.fromhex(NOTHING_BEFORE)
    explained = max((record.number for record in records if record.kind in WITHHOLDING), default=0)
    for number, record in enumerate(records, 1):
        if record.number != number:
            yield number, What.MISSING
        previous = next_hash(previous, record.frame.encode())
        if record.hash != previous.hex():
            yield number, What.CHANGED
        what = _wrong(conversation.ref, record, live, number < explained)
        if what:
            yield number, what


def _wrong(ref: str, record: Record, live: Live, may_be_withheld: bool) -> What | None:
    frame = json.loads(record.frame)
    if not _columns_agree(ref, record, frame):
        return What.COLUMNS
    if live.logged.get(record.number, record.hash) != record.hash:
        return What.LOG
    wrong = _row_is_wrong(record, frame, live)
    return wrong or _content_is_wrong(record, frame, live, may_be_withheld)


def _columns_agree(ref: str, record: Record, frame: dict[str, Any]) -> bool:
    said = (frame["conversation"], frame["number"], frame["kind"], frame["at"], frame.get("seq"), frame.get("note"))
    return said == (ref, record.number, record.kind, moment(record.at), record.seq, record.note)


def _row_is_wrong(record: Record, frame: dict[str, Any], live: Live) -> What | None:
    """The entry or the note of the record, as it is now, without its text."""
    author = frame.get("author", {})
    if record.seq is not None:
        entry = live.entries.get(record.seq)
        now = entry and (entry.kind, entry.at, entry.participant_id)
        return What.ENTRY if now != (record.kind, record.at, author.get("participant")) else None
    if record.note is not None:
        note = live.notes.get(record.note)
        written = note and (note.kind, note.at, note.author_id, note.after_seq)
        user = author.get("user", frame.get("user"))
        return What.NOTE if written != (record.kind, record.at, user, frame["after"]) else None
    return None


def _content_is_wrong(record: Record, frame: dict[str, Any], live: Live, may_be_withheld: bool) -> What | None:
    said, salts = frame["said"], json.loads(record.salts)
    if set(salts) != set(said) and not (may_be_withheld and set(salts) <= set(said)):
        return What.WITHHELD
    values = content_of(record, live)
    opened = all(_opens(said[name], salts[name], values, name) for name in salts)
    return None if opened and _file_agrees(record, values, live) else What.CONTENT


def _file_agrees(record: Record, values: dict[str, Any], live: Live) -> bool:
    """The file's own row says the same, as long as the record may say it."""
    entry = live.entries.get(record.seq or 0)
    if entry is None or entry.file is None or "document" not in values:
        return True
    return (values["name"], values["document"]) == (entry.file.name, happenings.document(entry.file))


def content_of(record: Record, live: Live) -> dict[str, Any]:
    """What was said, from the record itself and from the row that keeps it."""
    kept: dict[str, Any] = json.loads(record.content or "{}")
    row = live.entries.get(record.seq or 0) or live.notes.get(record.note or 0)
    return {"body": row.body, **kept} if row else kept


def _opens(promised: str, salt: str, values: dict[str, Any], name: str) -> bool:
    try:
        return name in values and commitment(decoded(salt), values[name]) == promised
    except ValueError:
        return False


def _fault_of_end(chain: Chain | None, records: list[Record], live: Live) -> Found | None:
    """What the records themselves can't show: that the last of them are gone, or that rows were added."""
    count = len(records)
    if chain is None or (chain.count, chain.head) != (count, records[-1].hash if records else NOTHING_BEFORE):
        return count + 1, What.TAIL
    if max(live.logged, default=0) > count:
        return count + 1, What.TAIL
    if set(live.entries) != {record.seq for record in records if record.seq is not None}:
        return count, What.ENTRY
    if set(live.notes) != {record.note for record in records if record.note is not None}:
        return count, What.NOTE
    return None
