"""Many write at once, by every way the product has: each chain stays one chain, and both ways write the same."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.actions.ledger import Post, commit
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation, Kind
from chatdesk.settings import PLANNED_AFTER
from tests.factories import Cast, make_cast, make_conversation, make_participant
from tests.transcripts.recording.reading import assert_whole, frame
from transcripts.actions import recording
from transcripts.actions.linking import Author, Happening, Head
from transcripts.kinds import WORDS
from transcripts.models import NOTHING_BEFORE

MOMENT = datetime(2026, 11, 22, 15, 45, 12, 123456, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_threads_that_post_note_and_record_in_the_same_conversations() -> None:
    cast = make_cast()
    rooms = [make_conversation(cast.sales_button, operator=cast.alice) for _ in range(2)]
    parts = [make_participant(room).pk for room in rooms]

    def work(worker: int) -> None:
        try:
            for turn in range(5):
                posts = [Post(rooms[n % 2].pk, parts[n % 2], "message", f"{worker} {turn} {n}") for n in range(4)]
                commit(posts)
                store_note(rooms[turn % 2].pk, cast.alice, "between", f"{worker}-{turn}")
                recording.write(rooms[0].pk, "pickup", facts={"turn": turn})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    for room, beside in zip(rooms, (20 + 12, 8), strict=True):
        found = assert_whole(room)
        entries = [record.seq for record in found if record.seq]
        assert entries == list(range(1, 41))
        assert len([record for record in found if record.note or record.kind == "pickup"]) == beside


def test_a_batch_of_many_kinds_and_authors(cast: Cast) -> None:
    room = make_conversation(cast.sales_button, operator=cast.alice)
    visitor, alice = make_participant(room), make_participant(room, cast.alice)
    commit([Post(room.pk, visitor.pk, "message", "first")])
    commit(
        [
            Post(room.pk, alice.pk, Kind.MESSAGE.value, 'a "quoted" \\ \u0007 \u2028 \U0001f600 line\nand tab\t'),
            Post(room.pk, None, Kind.NOTICE.value, "by the desk"),
            Post(room.pk, alice.pk, Kind.LEAVE.value, "Alice left"),
            Post(room.pk, visitor.pk, Kind.CLOSE.value, ""),
        ]
    )
    found = [frame(record) for record in assert_whole(room)[3:]]
    assert [(each["kind"], each["seq"]) for each in found] == [
        ("message", 2),
        ("notice", 3),
        ("leave", 4),
        ("close", 5),
    ]
    assert found[0]["author"] == {"kind": "operator", "participant": alice.pk, "user": cast.alice.pk}
    assert "author" not in found[1]


def test_some_conversations_of_a_batch_are_new(cast: Cast) -> None:
    known, new, closed = (make_conversation(cast.sales_button, closed=n == 2) for n in range(3))
    parts = {room.pk: make_participant(room).pk for room in (known, new, closed)}
    commit([Post(known.pk, parts[known.pk], "message", "before")])
    batch = [Post(room.pk, parts[room.pk], "message", body) for body in "ab" for room in (known, new, closed)]
    answers = commit(batch)
    assert [answer and answer.seq for answer in answers] == [2, 1, None, 3, 2, None]
    assert [record.seq for record in assert_whole(known) if record.seq] == [1, 2, 3]
    assert [record.seq for record in assert_whole(new) if record.seq] == [1, 2]


def test_a_connection_that_comes_again_plans_once(cast: Cast) -> None:
    room = make_conversation(cast.sales_button)
    visitor = make_participant(room)
    for turn in range(PLANNED_AFTER + 3):  # the first begins the chain, in other statements
        commit([Post(room.pk, visitor.pk, "message", f"{turn}")])
    assert len(assert_whole(room)) == 2 + PLANNED_AFTER + 3
    assert planned() == {"sqlite": None, "postgresql": 1}[connection.vendor]


def planned() -> int | None:
    """How many of this connection's plans store records."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%INTO transcripts_record%%'", []
        )
        return int(cursor.fetchone()[0])


@given(body=st.text(), kind=st.sampled_from(sorted(WORDS)), author=st.sampled_from([None, Author(1), Author(2, 3)]))
def test_the_quick_frame_is_the_canonical_one(body: str, kind: str, author: Author | None) -> None:
    if not body.isascii() and any("\ud800" <= letter <= "\udfff" for letter in body):
        return
    quick = Head(1, "ref", 7, NOTHING_BEFORE).link_words(kind, MOMENT, author, 5, body)
    slow = Head(1, "ref", 7, NOTHING_BEFORE).link(
        Happening(kind, MOMENT, {"body": body}, {}, author, seq=5, elsewhere=frozenset({"body"}))
    )
    one, other = json.loads(quick.frame), json.loads(slow.frame)
    one["said"] = other["said"] = {}
    assert one == other
    assert quick._replace(frame="", salts="", hash="") == slow._replace(frame="", salts="", hash="")
    assert len(quick.frame) == len(slow.frame)


def test_of_two_that_begin_the_same_chain_one_does(cast: Cast) -> None:
    room: Conversation = make_conversation(cast.sales_button)
    recording.write(room.pk, "pickup")
    recording.write(room.pk, "pickup")
    assert [record.kind for record in assert_whole(room)] == ["opened", "participant", "pickup", "pickup"]
