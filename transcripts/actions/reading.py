"""A conversation as people saw it, in the order in which it was recorded, with what was kept from some of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from chatdesk.models import Conversation, Entry, File, Note, Participant
from transcripts.actions.redacting.marks import key_of
from transcripts.kinds import ENTRIES, NOTES, Kind, is_leaving
from transcripts.models import Record

PAGE = 250
ON_THE_PAGE = frozenset({Kind.MESSAGE, Kind.NOTICE, Kind.FILE}) | NOTES  # with words of their own; others are one line


@dataclass(frozen=True)
class Line:
    """One thing that happened. `number` is its record's, 0 where it was not recorded yet."""

    number: int
    kind: str
    at: datetime
    seq: int | None = None
    note: int | None = None
    author: str = ""
    side: str = "system"  # visitor, operator, system
    text: str = ""
    file: File | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    person: str = ""  # who said it, as a redaction names them: "visitor", "operator-12"

    @property
    def is_internal(self) -> bool:
        return self.kind in NOTES

    @property
    def is_said(self) -> bool:
        return self.kind in ON_THE_PAGE


def lines(conversation: Conversation, after: int = 0, limit: int = PAGE) -> list[Line]:
    """The next lines after record `after`. A conversation that has no records yet is read from its entries and notes:
    there `after` is how many lines come before."""
    records = list(Record.objects.filter(conversation=conversation, number__gt=after).order_by("number")[:limit])
    if not records and not Record.objects.filter(conversation=conversation).exists():
        return _unrecorded(conversation, after, limit)
    entries = _entries(conversation, [each.seq for each in records if each.seq is not None])
    notes = _notes(conversation, [each.note for each in records if each.note is not None])
    return [_line(record, entries, notes) for record in records]


def _entries(conversation: Conversation, numbers: Sequence[int]) -> dict[int, Entry]:
    rows = Entry.objects.filter(conversation=conversation, seq__in=numbers)
    return {row.seq: row for row in rows.select_related("participant", "file")}


def _notes(conversation: Conversation, numbers: Sequence[int]) -> dict[int, Note]:
    rows = Note.objects.filter(conversation=conversation, number__in=numbers).select_related("author")
    return {row.number: row for row in rows}


def _line(record: Record, entries: dict[int, Entry], notes: dict[int, Note]) -> Line:
    entry = entries.get(record.seq) if record.seq is not None and record.kind in ENTRIES else None
    note = notes.get(record.note) if record.note is not None else None
    if entry:
        return of_entry(entry, record.number)
    if note:
        return of_note(note, record.number)
    facts = {**_facts(record.frame), **_facts(record.content)}
    name = str(facts.get("name") or (_("Visitor") if record.kind == Kind.PARTICIPANT else ""))
    return Line(record.number, record.kind, record.at, record.seq, record.note, author=name, facts=facts)


def _facts(text: str | None) -> dict[str, Any]:
    """Nothing of what is no JSON any more: somebody changed it, and the page that says so has to open."""
    try:
        facts = json.loads(text or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def of_entry(entry: Entry, number: int = 0) -> Line:
    """By the name that its author had then."""
    part = entry.participant
    side = "system" if part is None else "operator" if part.user_id else "visitor"
    name = part.name if part else ""
    person = key_of(part) if part else ""
    return Line(number, entry.kind, entry.at, entry.seq, None, name, side, entry.body, entry.file, person=person)


def of_note(note: Note, number: int = 0) -> Line:
    name, person = note.author.display_name, f"operator-{note.author_id}"
    return Line(number, note.kind, note.at, None, note.number, name, "operator", note.body, person=person)


def next_after(page: Sequence[Line], after: int) -> int:
    """Where the next page begins, behind a page that `lines` gave for `after`."""
    return page[-1].number or after + len(page)


def _unrecorded(conversation: Conversation, after: int, limit: int) -> list[Line]:
    end = after + limit
    entries = Entry.objects.filter(conversation=conversation).select_related("participant", "file").order_by("seq")
    notes = Note.objects.filter(conversation=conversation).select_related("author").order_by("number")
    found = [(entry.seq, 0, of_entry(entry)) for entry in entries[:end]]
    found += [(note.after_seq, note.number, of_note(note)) for note in notes[:end]]
    return [line for *_place, line in sorted(found, key=lambda each: each[:2])[after:end]]


@dataclass
class Presence:
    """Somebody who was there: by the name they had, as what, and from when to when (None: still)."""

    name: str
    kind: str
    role: str = ""
    is_silent: bool = False
    key: str = ""  # as a redaction names them
    since: datetime | None = None
    until: datetime | None = None


def presences(conversation: Conversation) -> list[Presence]:
    """Everybody who was in it, the silent too, in the order in which they came."""
    parts = {part.pk: part for part in Participant.objects.filter(conversation=conversation).order_by("pk")}
    found = {
        pk: Presence(part.name, "operator" if part.user_id else "visitor", is_silent=part.is_silent, key=key_of(part))
        for pk, part in parts.items()
    }
    kinds = [Kind.JOIN, Kind.LEAVE, Kind.PARTICIPANT, Kind.MESSAGE, Kind.FILE]
    rows = Record.objects.filter(conversation=conversation, kind__in=kinds).order_by("number")
    _fill(found, rows.values_list("kind", "at", "frame").iterator())
    for presence in found.values():
        presence.until = presence.until or (conversation.closed_at if presence.since else None)
    return list(found.values())


def _fill(found: dict[int, Presence], rows: Iterable[tuple[str, datetime, str]]) -> None:
    for kind, at, frame in rows:
        facts = _facts(frame)
        presence = found.get((facts.get("author") or {}).get("participant", 0))
        if presence is None:
            continue
        presence.since = presence.since or at
        presence.until = at if is_leaving(kind, facts) else None
        presence.role = facts.get("role") or presence.role
        presence.is_silent = presence.is_silent or bool(facts.get("silent"))
