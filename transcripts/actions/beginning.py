"""The first records of a conversation; and of one from before there were records, all that is left of its past."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from accounts.rows import answers, aware, stored
from chatdesk.actions.ledger import Stored
from chatdesk.models import Entry, File, Note
from transcripts.actions import happenings
from transcripts.actions.chains import Part
from transcripts.actions.happenings import Opening
from transcripts.actions.linking import Happening, Head, Link
from transcripts.kinds import Kind
from transcripts.models import NOTHING_BEFORE, Chain

BY_MAIL = "mail-"
PARTS = "SELECT id, user_id, name, role FROM chatdesk_participant WHERE conversation_id = %s ORDER BY id"
OPENINGS = """
SELECT c.id, c.ref, c.created_at, c.last_seq, c.last_note, b.slug, g.slug, c.visitor_id,
    c.name, c.email, c.question, c.page, c.referrer, c.start_id
FROM chatdesk_conversation c
JOIN chatdesk_button b ON b.id = c.button_id JOIN routing_group g ON g.id = c.group_id
WHERE c.id IN ({places}) ORDER BY c.id
"""


class Begun(NamedTuple):
    """The end of a chain that begins, and the links up to it."""

    head: Head
    links: list[Link]


def begin(conversation_ids: Collection[int], *, before: dict[int, int]) -> list[Begun]:
    """Chains for these conversations, whose locks are held: their first links, still to be stored.

    `before`: the number of the first entry that will be recorded by itself; those below it are recorded here, late.
    """
    places = ", ".join(["%s"] * len(conversation_ids))
    rows = [(Opening(*row), start_id) for *row, start_id in answers(OPENINGS.format(places=places), conversation_ids)]
    return [_first_links(row, before.get(row.pk, row.last_seq + 1), _channel(start_id)) for row, start_id in rows]


def _channel(start_id: str) -> str:
    """What began a conversation names it: a mail by its content's hash, a page by chance."""
    return "mail" if start_id.startswith(BY_MAIL) else "chat"


def _first_links(conversation: Opening, before: int, channel: str) -> Begun:
    stored(Chain(conversation_id=conversation.pk))
    head = Head(conversation.pk, conversation.ref, 0, NOTHING_BEFORE)
    parts = [Part(*row) for row in answers(PARTS, [conversation.pk])]
    first = [happenings.opened(conversation, channel)]
    first += [happenings.appeared(part, aware(conversation.created_at)) for part in parts if part.user_id is None]
    past = sorted(_past(conversation, parts, before), key=lambda happening: happening.at)
    if past:
        facts = {"until": len(first) + 1 + len(past)}
        first.append(Happening(Kind.BEGUN_LATE, aware(conversation.created_at), facts=facts))
    return Begun(head, [head.link(happening) for happening in [*first, *past]])


def _past(conversation: Opening, parts: Sequence[Part], before: int) -> Iterator[Happening]:
    """Its entries in their order, then its notes: sorted by time, entries stay in order and notes stand after them."""
    if before <= 1 and conversation.last_note == 0:
        return
    known = {part.pk: part for part in parts}
    rows = Entry.objects.filter(conversation=conversation.pk, seq__lt=before).select_related("file").order_by("seq")
    for row in rows:
        yield happenings.entry(stored_of(row), known.get(row.participant_id or 0), shown_file(row))
    by_user = {part.user_id: part.pk for part in parts}
    for note in Note.objects.filter(conversation=conversation.pk).order_by("number"):
        yield happenings.note(note, by_user.get(note.author_id))


def stored_of(row: Entry) -> Stored:
    return Stored(row.conversation_id, row.seq, row.kind, row.participant_id, row.body, row.file_id, row.at)


def shown_file(row: Entry) -> File | None:
    return row.file
