"""Writing down what happens in conversations, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from chatdesk.actions.ledger import Stored
from chatdesk.models import Conversation, File, Note, Participant
from routing.models import Group
from transcripts.actions import beginning, happenings
from transcripts.actions.chains import Ends, Part, ends, locked, store
from transcripts.actions.linking import Author, Happening, Link
from transcripts.kinds import WORDS, Kind
from transcripts.models import Record


def record_entries(stored: Sequence[Stored]) -> None:
    """The entries of a batch, at the ends of their conversations' chains; the ledger holds the locks."""
    found = ends(
        {each.conversation_id for each in stored}, {each.participant_id for each in stored if each.participant_id}
    )
    links = _begun(found, _lowest(stored)) if found.missing else []
    files = _files(stored)
    for each in stored:
        part = found.parts.get(each.participant_id or 0)
        head = found.heads[each.conversation_id]
        if each.kind in WORDS:
            author = Author(part.pk, part.user_id) if part else None
            links.append(head.link_words(each.kind, each.at, author, each.seq, each.body))
        else:
            links.append(head.link(happenings.entry(each, part, files.get(each.file_id or 0), _group(each))))
    store(links, found.heads.values())


def write(
    conversation_id: int,
    kind: str,
    *,
    facts: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    participant: Participant | None = None,
    is_locked: bool = False,
) -> Record:
    """One more record, inside the caller's transaction: `facts` are public, `said` is committed to and kept here.

    Both hold JSON values: text, whole numbers, lists and mappings of them. `is_locked`: an entry of the conversation
    was written in this transaction, so nobody else numbers there. Raises Conversation.DoesNotExist.
    """
    author = Author(participant.pk, participant.user_id) if participant else None
    happening = Happening(kind, at or timezone.now(), dict(said or {}), dict(facts or {}), author)
    return append(conversation_id, happening, is_locked=is_locked)


@transaction.atomic
def append(conversation_id: int, happening: Happening, *, is_locked: bool = False) -> Record:
    """The happening at the end of its conversation's chain. Raises Conversation.DoesNotExist."""
    if not is_locked:
        locked(conversation_id)
    found = ends([conversation_id])
    if not found.heads and not found.missing:
        raise Conversation.DoesNotExist
    links = _begun(found, {}) if found.missing else []
    links.append(found.heads[conversation_id].link(happening))
    store(links, found.heads.values())
    return _row(links[-1])


def note(row: Note) -> Record:
    """A remark or a whisper, in the transaction that stored it."""
    part = Participant.objects.filter(conversation=row.conversation_id, user=row.author_id).first()
    return append(row.conversation_id, happenings.note(row, part.pk if part else None))


def begin(conversation_id: int) -> None:
    """The chain of a conversation that has none: one from before there were records. Twice is once."""
    with transaction.atomic():
        locked(conversation_id)
        found = ends([conversation_id])
        if found.missing:
            links = _begun(found, {})
            store(links, found.heads.values())


def _begun(found: Ends, before: dict[int, int]) -> list[Link]:
    """Links of chains that begin here; their ends join the others."""
    made = beginning.begin(found.missing, before=before)
    found.heads.update({begun.head.conversation_id: begun.head for begun in made})
    return [link for begun in made for link in begun.links]


def _lowest(stored: Sequence[Stored]) -> dict[int, int]:
    lowest: dict[int, int] = {}
    for each in stored:
        lowest.setdefault(each.conversation_id, each.seq)
    return lowest


def _files(stored: Sequence[Stored]) -> dict[int, File]:
    ids = [each.file_id for each in stored if each.file_id]
    return File.objects.in_bulk(ids) if ids else {}


def _group(stored: Stored) -> Group | None:
    """Where a transfer leads: the group that the conversation is in by now."""
    if stored.kind != Kind.TRANSFER:
        return None
    return Group.objects.get(conversations=stored.conversation_id)


def _row(link: Link) -> Record:
    names = [field.attname for field in Record._meta.concrete_fields]
    return Record(**{name: getattr(link, name) for name in names})


__all__ = ["Part", "append", "begin", "record_entries", "write"]
