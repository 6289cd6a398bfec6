"""Visitors who go: those who waited give their place up and lose no word; the silent are told why it ends."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.conversations import close_by_visitor, take
from chatdesk.actions.visitors import mark_seen
from chatdesk.actions.waiting import tend
from chatdesk.models import Conversation, Entry, Kind, Visitor
from chatdesk.states import conversation_states
from routing.models import Group, Outcome, Request
from tests.factories import Cast, make_conversation, make_entry, make_participant, make_present
from tests.sockets import Sockets

HOUR = 3600


@pytest.fixture(autouse=True)
def nobody_is_asked(cast: Cast) -> None:
    Group.objects.update(choice_seconds=0)


@pytest.fixture
def waiting(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera)
    make_entry(conversation, "Hello?")
    return conversation


def after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def outcome(conversation: Conversation) -> str:
    return Request.objects.get(pk=conversation.request_id).outcome


def state(conversation: Conversation) -> str:
    return conversation_states([conversation.pk])[conversation.pk].state


def last(conversation: Conversation) -> Entry:
    return Entry.objects.filter(conversation=conversation).order_by("-seq")[0]


def test_ending_while_waiting_is_abandoning(waiting: Conversation) -> None:
    close_by_visitor(waiting.pk)
    assert (outcome(waiting), state(waiting), last(waiting).kind) == (Outcome.ABANDONED, "closed", Kind.CLOSE)
    assert last(waiting).body == "The visitor left while waiting."


def test_ending_after_an_answer_is_not(cast: Cast) -> None:
    talk = make_conversation(cast.sales_button, cast.vera, cast.alice)
    close_by_visitor(talk.pk)
    assert outcome(talk) == Outcome.SERVED


def test_an_hour_away_gives_the_place_up_and_keeps_the_words(waiting: Conversation, cast: Cast) -> None:
    make_present(cast.alice, seconds=2 * HOUR)
    assert tend(after(HOUR - 10)) == 0
    assert tend(after(HOUR + 1)) == 1
    assert tend(after(HOUR + 5)) == 0
    assert (outcome(waiting), state(waiting)) == (Outcome.ABANDONED, "message")
    assert (last(waiting).kind, last(waiting).body) == (Kind.LEAVE, "The visitor left while waiting.")
    take(cast.alice, waiting.ref)
    assert state(waiting) == "active"


def test_where_nobody_was_there_it_is_a_message(waiting: Conversation) -> None:
    tend(after(HOUR + 1))
    assert (outcome(waiting), state(waiting)) == (Outcome.MESSAGE, "message")


def test_who_is_still_there_keeps_the_place(waiting: Conversation) -> None:
    Visitor.objects.filter(pk=waiting.visitor_id).update(seen_at=after(HOUR - 60))
    assert tend(after(HOUR + 1)) == 0


def test_who_still_writes_keeps_the_place(waiting: Conversation) -> None:
    make_entry(waiting, "Still here", at=after(HOUR - 60))
    assert tend(after(HOUR + 1)) == 0


def test_who_was_answered_is_not_given_up(cast: Cast) -> None:
    talk = make_conversation(cast.sales_button, cast.vera, cast.alice)
    assert tend(after(10 * HOUR)) == 0
    assert state(talk) == "active"


def test_an_open_page_counts_as_seen(waiting: Conversation) -> None:
    Visitor.objects.update(seen_at=after(-HOUR))
    mark_seen([waiting.pk])
    assert Visitor.objects.get(pk=waiting.visitor_id).seen_at > after(-10)
    mark_seen([])


def test_a_page_without_script_counts_as_seen(waiting: Conversation, cast: Cast, client: Client) -> None:
    client.cookies["chat"] = cast.vera.token
    for seconds, expected in ((30, False), (HOUR, True)):
        then = after(-seconds)
        Visitor.objects.filter(pk=waiting.visitor_id).update(seen_at=then)
        assert client.get("/chat/sales/?news=0").status_code == 200
        assert (Visitor.objects.get(pk=waiting.visitor_id).seen_at != then) == expected


async def test_a_page_that_stays_open_is_marked(cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.realtime.clock.SEEN_EVERY", 0.05)
    vera = await sockets.visitor()
    await vera.command("conversation.start", client_id="first", body="Hello")
    await vera.event("conversation.state", state="waiting")
    await Visitor.objects.aupdate(seen_at=after(-HOUR))

    async def seen() -> bool:
        return await Visitor.objects.filter(seen_at__gt=after(-60)).aexists()

    for _ in range(100):
        if await seen():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("an open page was not noticed")


# --- silence ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(cast: Cast, alice: User) -> Conversation:
    talk = make_conversation(cast.sales_button, cast.vera, alice)
    make_entry(talk, "Is it in stock?")
    make_entry(talk, "Yes, twelve.", alice)
    return talk


def test_silent_chats_stay_open_unless_the_group_says(answered: Conversation) -> None:
    assert tend(after(10 * HOUR)) == 0
    assert state(answered) == "active"


def test_a_silent_chat_ends_with_the_reason(answered: Conversation, cast: Cast) -> None:
    Group.objects.filter(pk=cast.sales.pk).update(close_silent_after=600)
    assert tend(after(590)) == 0
    assert tend(after(601)) == 1
    assert tend(after(620)) == 0
    assert (state(answered), outcome(answered)) == ("closed", Outcome.SERVED)
    entry = last(answered)
    assert (entry.kind, entry.participant) == (Kind.CLOSE, None)
    assert "nothing was written for a while" in entry.body


def test_who_waits_for_an_answer_is_not_silent(answered: Conversation, cast: Cast) -> None:
    Group.objects.filter(pk=cast.sales.pk).update(close_silent_after=600)
    make_entry(answered, "And in blue?")
    assert tend(after(10 * HOUR)) == 0
    assert state(answered) == "active"


def test_on_hold_nobody_is_silent(answered: Conversation, cast: Cast) -> None:
    Group.objects.filter(pk=cast.sales.pk).update(close_silent_after=600)
    Conversation.objects.update(on_hold_since=after(1))
    assert tend(after(700)) == 0


def test_a_guest_of_a_chat_that_ended_by_itself_is_a_guest_no_more(answered: Conversation, cast: Cast) -> None:
    Group.objects.filter(pk=cast.sales.pk).update(close_silent_after=600)
    part = make_participant(answered, cast.bob)
    part.role = "guest"
    part.save()
    assert tend(after(601)) == 1
    part.refresh_from_db()
    assert part.role == ""
