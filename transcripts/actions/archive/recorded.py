"""The records of an invented conversation, as the live desk would have written them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chatdesk.actions.ledger import Stored
from chatdesk.models import Conversation, File, Participant
from routing.models import Group
from transcripts.actions import happenings
from transcripts.actions.archive.inventing import Remark, Said
from transcripts.actions.chains import Part
from transcripts.actions.linking import Author, Happening, Head, Link
from transcripts.kinds import WORDS, Kind
from transcripts.models import NOTHING_BEFORE

BODY = frozenset({"body"})


@dataclass(frozen=True)
class Told:
    """What was stored of a conversation: entries with their number, text and file; notes with their number."""

    conversation: Conversation
    parts: dict[int, Participant]
    entries: list[tuple[int, Said, str, File | None]]
    remarks: list[tuple[int, Remark]]
    groups: dict[str, Group]
    by_mail: bool
    sealed_at: datetime


def recorded(told: Told) -> list[Link]:
    """All links of its chain, the seal last."""
    conversation = told.conversation
    head = Head(conversation.pk, conversation.ref, 0, NOTHING_BEFORE)
    links = [head.link(_opened(told)), head.link(happenings.appeared(told.parts[-1], conversation.created_at))]
    remarks = list(told.remarks)
    for seq, said, body, file in told.entries:
        links.extend(head.link(_note(told, number, remark)) for number, remark in _due(remarks, said.at))
        links.append(_entry(head, told, (seq, said, body, file)))
    facts = {"entries": conversation.last_seq, "notes": conversation.last_note}
    links.append(head.link(Happening(Kind.SEAL, told.sealed_at, facts=facts)))
    return links


def _due(remarks: list[tuple[int, Remark]], at: datetime) -> Iterator[tuple[int, Remark]]:
    while remarks and remarks[0][1].at < at:
        yield remarks.pop(0)


def _opened(told: Told) -> Happening:
    return happenings.opened(happenings.opening_of(told.conversation), "mail" if told.by_mail else "chat")


def _entry(head: Head, told: Told, entry: tuple[int, Said, str, File | None]) -> Link:
    seq, said, body, file = entry
    part = told.parts[said.by] if said.by is not None else None
    if said.kind in WORDS:
        return head.link_words(said.kind, said.at, Author(part.pk, part.user_id) if part else None, seq, body)
    part_id, file_id = part.pk if part else None, file.pk if file else None
    stored = Stored(head.conversation_id, seq, said.kind, part_id, body, file_id, said.at)
    who = Part(part.pk, part.user_id, part.name, "host") if part else None
    group = told.groups["last"] if said.kind == Kind.TRANSFER else None
    return head.link(happenings.entry(stored, who, file, group))


def _note(told: Told, number: int, remark: Remark) -> Happening:
    part = told.parts[remark.by]
    facts: dict[str, Any] = {"after": remark.after}
    author = Author(part.pk, part.user_id)
    return Happening(Kind.NOTE, remark.at, {"body": remark.body}, facts, author, note=number, elsewhere=BODY)
