"""The entries that rooms lack, many rooms in one statement.

Read as tuples: when two people sit at two processes, every message passes here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from chatdesk.entry_view import SYSTEM, file_address, operator, visitor
from chatdesk.protocol import Author, EntryPosted, FileInfo
from chatdesk.realtime.room import Item

STATEMENT = """
WITH lacking (id, seq) AS (VALUES {places})
SELECT e.conversation_id, c.ref, e.seq, e.kind, e.body, e.at, e.client_id,
    p.id, p.name, u.id, u.display_name, u.photo, f.key, f.name, f.size, f.media_type, f.width, f.height
FROM lacking l
JOIN chatdesk_entry e ON e.conversation_id = l.id AND e.seq > l.seq
JOIN chatdesk_conversation c ON c.id = e.conversation_id
LEFT JOIN chatdesk_participant p ON p.id = e.participant_id
LEFT JOIN accounts_user u ON u.id = p.user_id
LEFT JOIN chatdesk_file f ON f.id = e.file_id
ORDER BY e.conversation_id, e.seq
LIMIT %s
"""
NO_LIMIT = 1_000_000


class Row(NamedTuple):
    conversation_id: int
    ref: str
    seq: int
    kind: str
    body: str
    at: datetime
    client_id: str | None
    participant_id: int | None
    participant: str
    user_id: int | None
    user: str
    photo: str
    file_key: str | None
    file_name: str
    file_size: int
    file_type: str
    width: int | None
    height: int | None


def entries_after(after: dict[int, int], limit: int = NO_LIMIT) -> dict[int, list[Item]]:
    """The entries of several conversations after the number given for each, in order."""
    items: dict[int, list[Item]] = defaultdict(list)
    if not after:
        return items
    places = ", ".join(["(%s, %s)"] * len(after))
    values = [value for place in after.items() for value in place]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(places=places), [*values, limit])
        for row in map(Row._make, cursor.fetchall()):
            items[row.conversation_id].append(Item.of(_event(row), row.participant_id, row.client_id))
    return items


def _event(row: Row) -> EntryPosted:
    return EntryPosted(
        conversation=row.ref,
        seq=row.seq,
        kind=row.kind,
        author=_author(row),
        body=row.body,
        at=row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC),  # SQLite keeps UTC and forgets to say so
        file=_file(row),
    )


def _author(row: Row) -> Author:
    if row.participant_id is None:
        return SYSTEM
    return visitor(row.participant) if row.user_id is None else operator(row.user_id, row.user, row.photo)


def _file(row: Row) -> FileInfo | None:
    if row.file_key is None:
        return None
    return FileInfo(file_address(row.file_key), row.file_name, row.file_size, row.file_type, row.width, row.height)
