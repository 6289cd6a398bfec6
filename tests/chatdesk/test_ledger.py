"""The ledger: a batch is one transaction, numbers have no gap, and what was written once stays written once."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from chatdesk.actions.entries import post_entry
from chatdesk.actions.ledger import Post, Written, begin_with, commit
from chatdesk.actions.writer import _commit_each
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.protocol import Code, Refused
from tests.factories import Cast, make_cast, make_conversation, make_participant


def post(conversation: Conversation, body: str, client_id: str | None = None) -> Post:
    return Post(conversation.pk, make_participant(conversation).pk, Kind.MESSAGE.value, body, client_id)


def stored(conversation: Conversation) -> list[tuple[int, str]]:
    return list(Entry.objects.filter(conversation=conversation).order_by("seq").values_list("seq", "body"))


def test_a_batch_numbers_each_conversation_by_itself(cast: Cast) -> None:
    one, two = make_conversation(cast.sales_button), make_conversation(cast.sales_button)
    answers = commit([post(one, "a"), post(two, "b"), post(one, "c"), post(two, "d"), post(one, "e")])
    assert [answer and answer.seq for answer in answers] == [1, 1, 2, 2, 3]
    assert stored(one) == [(1, "a"), (2, "c"), (3, "e")]
    one.refresh_from_db()
    assert one.last_seq == 3


def test_a_new_conversation_begins_with_its_first_entry(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    first = post(conversation, "a", "once")
    entry = begin_with(first)
    conversation.refresh_from_db()
    assert (entry.seq, conversation.last_seq, conversation.last_at) == (1, 1, entry.at)
    again, following = commit([first])[0], commit([post(conversation, "b")])[0]
    assert again is not None
    assert again.again
    assert following is not None
    assert following.seq == 2
    assert stored(conversation) == [(1, "a"), (2, "b")]


def test_closed_and_unknown_conversations_refuse_alone(cast: Cast) -> None:
    open_one, closed = make_conversation(cast.sales_button), make_conversation(cast.sales_button, closed=True)
    answers = commit([post(open_one, "a"), post(closed, "b"), Post(10**9, None, "message", "c"), post(open_one, "d")])
    assert [answer and answer.seq for answer in answers] == [1, None, None, 2]
    assert stored(closed) == []


def test_repeats_inside_a_batch_and_between_batches(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    first = commit([post(conversation, "a", "x"), post(conversation, "b", "y")])
    again = commit([post(conversation, "c", "z"), post(conversation, "a", "x"), post(conversation, "c", "z")])
    assert [answer and (answer.seq, answer.again) for answer in first] == [(1, False), (2, False)]
    assert [answer and (answer.seq, answer.again) for answer in again] == [(3, False), (1, True), (3, True)]
    assert stored(conversation) == [(1, "a"), (2, "b"), (3, "c")]


def test_the_same_client_id_of_two_people_is_two_entries(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    visitor, alice = make_participant(conversation), make_participant(conversation, cast.alice)
    commit([Post(conversation.pk, part.pk, "message", "hi", "same") for part in (visitor, alice)])
    assert [seq for seq, _ in stored(conversation)] == [1, 2]


def test_time_never_goes_back_in_a_conversation(cast: Cast) -> None:
    later = timezone.now().replace(year=2100)
    conversation = make_conversation(cast.sales_button, last_at=later)
    answer = commit([post(conversation, "after the clock was set back")])[0]
    assert answer is not None
    assert answer.at == later


def test_a_repeat_is_answered_after_closing_too(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    commit([post(conversation, "a", "x")])
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=timezone.now())
    late, repeated = commit([post(conversation, "b", "new"), post(conversation, "a", "x")])
    assert late is None
    assert repeated is not None
    assert (repeated.seq, repeated.again) == (1, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", Code.EMPTY),
        (" \n\t ", Code.EMPTY),
        ("x" * 10_001, Code.TOO_LONG),
        ("nul\x00", Code.INVALID),
        ("half \ud83d", Code.INVALID),
    ],
)
def test_what_can_not_be_stored_is_refused(cast: Cast, body: str, code: Code) -> None:
    conversation = make_conversation(cast.sales_button)
    with pytest.raises(Refused) as refused:
        post_entry(conversation, make_participant(conversation), body)
    assert refused.value.code == code
    assert stored(conversation) == []


@pytest.mark.parametrize(
    "body",
    [
        "x",
        "x" * 10_000,
        "\u202egpj.exe",
        "<b>&amp;</b>",
        "a\nb",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "e" + "\u0301" * 500,
    ],
)
def test_what_people_write_is_kept_as_it_is(cast: Cast, body: str) -> None:
    conversation = make_conversation(cast.sales_button)
    post_entry(conversation, make_participant(conversation), body)
    assert stored(conversation) == [(1, body)]


@pytest.mark.django_db(transaction=True)
def test_a_text_that_nothing_can_store_harms_no_other_of_its_batch(transactional_db: None) -> None:
    button = make_cast().sales_button
    room, other = make_conversation(button), make_conversation(button)
    bad = post(room, "half \ud800")
    answers = _commit_each([post(room, "before"), bad, post(other, "beside"), post(room, "after")])
    assert [isinstance(answer, Written) for answer in answers] == [True, False, True, True]
    assert answers[1] is Code.BUSY
    assert stored(room) == [(1, "before"), (2, "after")]
    assert stored(other) == [(1, "beside")]


def test_eight_writers_with_the_same_ids_leave_no_gap_and_no_repeat(transactional_db: None) -> None:
    conversation = make_conversation_for_threads()
    part, ready = make_participant(conversation).pk, threading.Barrier(8)

    def write(n: int) -> list[int]:
        try:
            ready.wait(timeout=10)
            posts = [Post(conversation.pk, part, "message", f"{i}", f"id-{i}") for i in range(25)]
            return [answer.seq for one in posts for answer in commit([one]) if answer is not None]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        views = list(threads.map(write, range(8)))
    assert all(view == views[0] for view in views)
    assert sorted(views[0]) == list(range(1, 26))
    assert Counter(seq for seq, _ in stored(conversation)) == Counter(range(1, 26))


def make_conversation_for_threads() -> Conversation:
    return make_conversation(make_cast().sales_button)
