"""Numbering and storing entries, many at a time: the statements under the write path.

A batch is one transaction: every conversation's counter is locked once, its entries take the next numbers, and all
become durable together. PostgreSQL does it in one statement, so that a batch costs one round trip and one flush.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.rows import change, stored
from chatdesk.models import Conversation, Entry


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wants to say: `participant_id` None for the system, `client_id` None where nobody repeats."""

    conversation_id: int
    participant_id: int | None
    kind: str
    body: str
    client_id: str | None = None
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Where a post stands in its conversation; `again` if it stood there before."""

    seq: int
    at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it stands, for whoever records it; `participant_id` None for the system."""

    conversation_id: int
    seq: int
    kind: str
    participant_id: int | None
    body: str
    file_id: int | None
    at: datetime


Heads = dict[int, tuple[int, datetime]]
Recorder = Callable[[Sequence[Stored]], None]


@dataclass(frozen=True, slots=True)
class Statement:
    """What stores and records posts of these kinds, without files, in one statement of PostgreSQL.

    Its parameters are those of POSTGRES; with each post stands what `beside` answers for it, as `beside`. It leaves
    out whole conversations that it can't do: their posts are stored and recorded one after the other.
    """

    sql: str
    beside: Callable[[Sequence[Post]], Sequence[Any]]
    kinds: frozenset[str]


_recorders: dict[Recorder, Statement | None] = {}


def add_recorder(recorder: Recorder, statement: Statement | None = None) -> None:
    """For an app further right, when it is ready: called with the entries of a batch, inside its transaction.

    What it raises undoes the batch. The locks of the entries' conversations are held. `statement`: a quicker way to
    do the same, taken where it is the only recorder.
    """
    _recorders[recorder] = statement


POSTGRES = """
WITH post AS (
    SELECT * FROM json_to_recordset(%s::json) AS t(conversation_id bigint, n int, participant_id bigint, kind text,
        body text, client_id text, file_id bigint)
), head AS (
    SELECT id, last_seq, greatest(last_at, %s::timestamptz) AS at FROM chatdesk_conversation
    WHERE id = ANY(%s::bigint[]) AND closed_at IS NULL ORDER BY id FOR UPDATE
), entry AS (
    INSERT INTO chatdesk_entry (conversation_id, seq, kind, participant_id, body, file_id, client_id, at)
    SELECT p.conversation_id, h.last_seq + p.n, p.kind, p.participant_id, p.body, p.file_id, p.client_id, h.at
    FROM post p JOIN head h ON h.id = p.conversation_id
), counted AS (
    SELECT conversation_id, max(n) AS n FROM post GROUP BY conversation_id
)
UPDATE chatdesk_conversation c SET last_seq = h.last_seq + k.n, last_at = h.at
FROM head h JOIN counted k ON k.conversation_id = h.id WHERE c.id = h.id
RETURNING c.id, h.last_seq, c.last_at
"""


def commit(posts: Sequence[Post]) -> list[Written | None]:
    """Store a batch in one transaction; an answer for each post, None where its conversation is closed or unknown.

    A post whose (participant, client_id) was stored before is not stored again: the answer is its first place.
    Raises django.db.DatabaseError when nothing was stored.
    """
    try:
        with _one_transaction():
            answers = _store(posts)
    except IntegrityError:
        answers = _store_without_repeats(posts)
    # What was stored before its conversation closed is answered still: its writer only lost the answer.
    return [answer or _first_place(post) for answer, post in zip(answers, posts, strict=True)]


def begin_with(post: Post) -> Entry:
    """The first entry of a conversation that was made in this transaction: nobody else can number there yet."""
    now = timezone.now()
    facts = {"participant_id": post.participant_id, "file_id": post.file_id, "client_id": post.client_id}
    entry = stored(Entry(conversation_id=post.conversation_id, seq=1, kind=post.kind, body=post.body, at=now, **facts))
    change(Conversation, post.conversation_id, last_seq=1, last_at=now)
    _record([_as_stored(post, 1, now)])
    return entry


def _one_transaction() -> AbstractContextManager[None]:
    """PostgreSQL's one statement is a transaction by itself; wrapping it would cost two more round trips."""
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    return nullcontext() if alone else transaction.atomic()


def _store_without_repeats(posts: Sequence[Post]) -> list[Written | None]:
    answers: list[Written | None] = []
    for post in posts:
        with transaction.atomic():
            _lock([post.conversation_id])
            answers.append(_first_place(post) or _store([post])[0])
    return answers


def _first_place(post: Post) -> Written | None:
    if post.client_id is None or post.participant_id is None:
        return None
    first = Entry.objects.filter(participant_id=post.participant_id, client_id=post.client_id).first()
    return Written(first.seq, first.at, again=True) if first else None


def _store(posts: Sequence[Post]) -> list[Written | None]:
    if connection.vendor != "postgresql":
        return _store_and_record(posts, _store_anywhere)
    if not _recorders:
        return _placed(posts, _store_on_postgres(posts))
    statement = _statement(posts)
    answers = _placed(posts, _store_by(statement, posts) if statement else {})
    left = [place for place, answer in enumerate(answers) if answer is None]
    if left:  # rarely: a conversation that has ended, or whose records are not begun
        with transaction.atomic():
            others = _store_and_record([posts[place] for place in left], _store_on_postgres)
        for place, answer in zip(left, others, strict=True):
            answers[place] = answer
    return answers


def _statement(posts: Sequence[Post]) -> Statement | None:
    statement = next(iter(_recorders.values())) if len(_recorders) == 1 else None
    simple = statement and all(post.kind in statement.kinds and post.file_id is None for post in posts)
    return statement if simple else None


def _store_and_record(posts: Sequence[Post], store: Callable[[Sequence[Post]], Heads]) -> list[Written | None]:
    answers = _placed(posts, store(posts))
    stored = [_as_stored(post, each.seq, each.at) for post, each in zip(posts, answers, strict=True) if each]
    _record(stored)
    return answers


def _placed(posts: Sequence[Post], heads: Heads) -> list[Written | None]:
    return [
        Written(heads[post.conversation_id][0] + n, heads[post.conversation_id][1])
        if post.conversation_id in heads
        else None
        for post, n in zip(posts, _numbers(posts), strict=True)
    ]


def _as_stored(post: Post, seq: int, at: datetime) -> Stored:
    return Stored(post.conversation_id, seq, post.kind, post.participant_id, post.body, post.file_id, at)


def _record(stored: Sequence[Stored]) -> None:
    for recorder in _recorders if stored else ():
        recorder(stored)


def _numbers(posts: Sequence[Post]) -> list[int]:
    """1, 2, 3 within each conversation, in the order of the batch."""
    seen: Counter[int] = Counter()
    numbers = []
    for post in posts:
        seen[post.conversation_id] += 1
        numbers.append(seen[post.conversation_id])
    return numbers


def _store_on_postgres(posts: Sequence[Post]) -> Heads:
    return _run(POSTGRES, posts, [None] * len(posts))


def _store_by(statement: Statement, posts: Sequence[Post]) -> Heads:
    return _run(statement.sql, posts, statement.beside(posts))


def _run(sql: str, posts: Sequence[Post], beside: Sequence[Any]) -> Heads:
    """For a small batch, parsing and planning is most of the work: a connection that comes again does it once.

    The settings say so (`prepare_threshold`), and a cursor of psycopg's own: Django's never does it. Posts go as JSON
    and answers come in binary, because psycopg writes arrays and Django reads moments in Python, value by value.
    """
    ids = sorted({post.conversation_id for post in posts})
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, [_as_json(posts, beside), timezone.now(), ids], binary=True)
        return {pk: (last_seq, last_at) for pk, last_seq, last_at in cursor.fetchall()}


def _as_json(posts: Sequence[Post], beside: Sequence[Any]) -> str:
    rows = [
        {
            "conversation_id": post.conversation_id,
            "n": n,
            "participant_id": post.participant_id,
            "kind": post.kind,
            "body": post.body,
            "client_id": post.client_id,
            "file_id": post.file_id,
            "beside": each,
        }
        for post, n, each in zip(posts, _numbers(posts), beside, strict=True)
    ]
    return msgspec.json.encode(rows).decode()


def _lock(ids: Sequence[int]) -> list[tuple[int, int, datetime]]:
    rows = Conversation.objects.filter(pk__in=ids, closed_at=None).order_by("pk")
    rows = rows.select_for_update() if connection.features.has_select_for_update else rows
    return list(rows.values_list("pk", "last_seq", "last_at"))


def _store_anywhere(posts: Sequence[Post]) -> Heads:
    now = timezone.now()
    rows = _lock(sorted({post.conversation_id for post in posts}))
    heads = {pk: (last_seq, max(last_at, now)) for pk, last_seq, last_at in rows}
    last: dict[int, int] = {}
    entries = []
    for post, n in zip(posts, _numbers(posts), strict=True):
        if post.conversation_id in heads:
            base, at = heads[post.conversation_id]
            last[post.conversation_id] = base + n
            entries.append(
                (
                    post.conversation_id,
                    base + n,
                    post.kind,
                    post.participant_id,
                    post.body,
                    post.file_id,
                    post.client_id,
                    at,
                )
            )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO chatdesk_entry (conversation_id, seq, kind, participant_id, body, file_id, client_id, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            entries,
        )
        cursor.executemany(
            "UPDATE chatdesk_conversation SET last_seq = %s, last_at = %s WHERE id = %s",
            [(seq, heads[pk][1], pk) for pk, seq in last.items()],
        )
    return heads
