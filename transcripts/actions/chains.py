"""The database's side of chains: their ends, read under the conversation's lock, and new links stored many at a time.

Every conversation's row is locked before its chain is read: by the ledger, which numbers entries, or by `locked`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from chatdesk.models import Conversation
from transcripts.actions.linking import Head, Link


class Part(NamedTuple):
    """A participant: no user is the visitor."""

    pk: int
    user_id: int | None
    name: str
    role: str


class Ends(NamedTuple):
    """The ends of chains by conversation, the conversations that have none yet, and the participants asked for."""

    heads: dict[int, Head]
    missing: list[int]
    parts: dict[int, Part]


READ = """
SELECT c.id, c.ref, h.count, h.head, p.id, p.user_id, p.name, p.role
FROM chatdesk_conversation c
LEFT JOIN transcripts_chain h ON h.conversation_id = c.id
LEFT JOIN chatdesk_participant p ON p.conversation_id = c.id AND p.id IN ({parts})
WHERE c.id IN ({conversations})
"""
STORE_ON_POSTGRES = """
WITH record AS (
    INSERT INTO transcripts_record
        (conversation_id, number, kind, at, seq, note, frame, salts, content, hash)
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[], %s::int[], %s::int[],
        %s::text[], %s::text[], %s::text[], %s::text[])
)
UPDATE transcripts_chain c SET count = h.count, head = h.head
FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS h(conversation_id, count, head)
WHERE c.conversation_id = h.conversation_id
"""
STORE_RECORD = """
INSERT INTO transcripts_record (conversation_id, number, kind, at, seq, note, frame, salts, content, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
STORE_HEAD = "UPDATE transcripts_chain SET count = %s, head = %s WHERE conversation_id = %s"


def locked(conversation_id: int) -> None:
    """Nobody else numbers records of this conversation until the transaction ends."""
    if connection.features.has_select_for_update:
        rows = Conversation.objects.select_for_update(no_key=True).order_by()
        rows.filter(pk=conversation_id).values_list("pk", flat=True).get()


def ends(conversation_ids: Collection[int], participant_ids: Collection[int] = ()) -> Ends:
    """Where the chains of these conversations end, whose locks are held; and who these participants are."""
    found = Ends({}, [], {})
    for pk, ref, count, head, *part in _rows(sorted(conversation_ids), sorted(participant_ids) or [0]):
        if head is not None:
            found.heads[pk] = Head(pk, ref, count, head)
        elif pk not in found.missing:
            found.missing.append(pk)
        if part[0] is not None:
            found.parts[part[0]] = Part(*part)
    return found


def _rows(conversation_ids: Sequence[int], participant_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    sql = READ.format(conversations=_blanks(conversation_ids), parts=_blanks(participant_ids))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*participant_ids, *conversation_ids])
        return list(cursor.fetchall())


def _blanks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))


def store(links: Sequence[Link], heads: Iterable[Head]) -> None:
    """The links' rows, and the new ends of their chains."""
    moved = [(head.count, head.hash, head.conversation_id) for head in heads]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            counts, hashes, ids = (list(column) for column in zip(*moved, strict=True))
            cursor.execute(STORE_ON_POSTGRES, [*map(list, zip(*links, strict=True)), ids, counts, hashes])
        else:
            cursor.executemany(STORE_RECORD, [_adapted(row) for row in links])
            cursor.executemany(STORE_HEAD, moved)


def _adapted(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:3], connection.ops.adapt_datetimefield_value(row[3]), *row[4:])
