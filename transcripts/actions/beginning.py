"""The first records of a conversation; and of one from before there were records, all that is left of its past."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chatdesk.actions.ledger import Stored
from chatdesk.models import Conversation, Entry, File, Note, Participant
from transcripts.actions import happenings
from transcripts.actions.chains import Part
from transcripts.actions.linking import Happening, Head, Link
from transcripts.kinds import Kind
from transcripts.models import NOTHING_BEFORE, Chain


def begin(conversation_ids: Collection[int], *, before: dict[int, int], channel: str = "chat") -> dict[int, list[Link]]:
    """Chains for these conversations, whose locks are held: their first links, still to be stored.

    `before`: the number of the first entry that will be recorded by itself; those below it are recorded here, late.
    """
    rows = Conversation.objects.filter(pk__in=conversation_ids).select_related("button", "group").order_by("pk")
    Chain.objects.bulk_create(Chain(conversation=row) for row in rows)
    return {row.pk: _first_links(row, before.get(row.pk, row.last_seq + 1), channel) for row in rows}


def head_after(conversation_id: int, ref: str, links: list[Link]) -> Head:
    return Head(conversation_id, ref, len(links), links[-1].hash)


def _first_links(conversation: Conversation, before: int, channel: str) -> list[Link]:
    head = Head(conversation.pk, conversation.ref, 0, NOTHING_BEFORE)
    first = [happenings.opened(conversation, channel)]
    first += [happenings.appeared(part, conversation.created_at) for part in _visitor(conversation)]
    past = sorted(_past(conversation, before), key=lambda happening: happening.at)
    if past:
        facts = {"until": len(first) + 1 + len(past)}
        first.append(Happening(Kind.BEGUN_LATE, conversation.created_at, facts=facts))
    return [head.link(happening) for happening in [*first, *past]]


def _visitor(conversation: Conversation) -> list[Participant]:
    return list(Participant.objects.filter(conversation=conversation, user=None))


def _past(conversation: Conversation, before: int) -> Iterator[Happening]:
    """Its entries in their order, then its notes: sorted by time, entries stay in order and notes stand after them."""
    parts = {row.pk: row for row in Participant.objects.filter(conversation=conversation)}
    rows = Entry.objects.filter(conversation=conversation, seq__lt=before).select_related("file").order_by("seq")
    for row in rows:
        part = parts.get(row.participant_id or 0)
        yield happenings.entry(stored_of(row), part_of(part) if part else None, shown_file(row))
    by_user = {part.user_id: pk for pk, part in parts.items()}
    for note in Note.objects.filter(conversation=conversation).order_by("number"):
        yield happenings.note(note, by_user.get(note.author_id))


def stored_of(row: Entry) -> Stored:
    return Stored(row.conversation_id, row.seq, row.kind, row.participant_id, row.body, row.file_id, row.at)


def part_of(row: Participant) -> Part:
    return Part(row.pk, row.user_id, row.name, row.role)


def shown_file(row: Entry) -> File | None:
    return row.file
