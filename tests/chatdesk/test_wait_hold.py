"""An operator looks something up: the visitor is told, and it ends with the next word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.waiting import set_hold, tend
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.protocol import Code, Refused
from chatdesk.states import conversation_states
from routing.actions.taking import transfer
from routing.models import Request
from tests.factories import Cast, make_admin, make_conversation, make_entry, make_operator, make_present
from tests.sockets import Sockets


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


def says(talk: Conversation, words: str, author: User | None = None) -> None:
    talk.refresh_from_db()  # the desk writes too
    make_entry(talk, words, author)


def held(talk: Conversation) -> bool:
    return conversation_states([talk.pk])[talk.pk].on_hold


def test_the_visitor_is_told_once(talk: Conversation, alice: User) -> None:
    set_hold(alice, talk.ref, True)
    set_hold(alice, talk.ref, True)
    assert held(talk)
    notice = Entry.objects.get(conversation=talk)
    assert (notice.kind, notice.body) == (Kind.NOTICE, "Alice is looking this up. One moment, please.")


def test_it_is_over_when_it_is_said(talk: Conversation, alice: User) -> None:
    set_hold(alice, talk.ref, True)
    set_hold(alice, talk.ref, False)
    assert not held(talk)


def test_an_answer_ends_it(talk: Conversation, alice: User) -> None:
    set_hold(alice, talk.ref, True)
    assert tend() == 0
    assert held(talk)
    says(talk, "Found it", alice)
    assert tend() == 1
    assert not held(talk)


def test_what_the_visitor_says_does_not(talk: Conversation, alice: User) -> None:
    set_hold(alice, talk.ref, True)
    says(talk, "No hurry")
    tend()
    assert held(talk)


def test_it_ends_with_the_operator_s_own_holding(talk: Conversation, alice: User, cast: Cast) -> None:
    anna = make_operator("anna", cast.sales)
    make_present(anna)
    set_hold(alice, talk.ref, True)
    transfer(talk.request_id, alice, operator=anna)
    assert not held(talk)
    assert tend() == 1
    talk.refresh_from_db()
    assert talk.on_hold_since is None


def test_a_taking_later_than_the_hold_ends_it(talk: Conversation, alice: User) -> None:
    set_hold(alice, talk.ref, True)
    Request.objects.filter(pk=talk.request_id).update(taken_at=timezone.now() + timedelta(seconds=5))
    assert not held(talk)
    assert tend() == 1


def test_a_waiting_chat_is_not_put_on_hold(cast: Cast) -> None:
    waiting = make_conversation(cast.sales_button, cast.vera)
    with pytest.raises(Refused) as refused:
        set_hold(make_admin(), waiting.ref, True)
    assert refused.value.code == Code.CONFLICT


def test_an_outsider_puts_nothing_on_hold(talk: Conversation, bob: User) -> None:
    with pytest.raises(Refused) as refused:
        set_hold(bob, talk.ref, True)
    assert refused.value.code == Code.UNKNOWN
    assert not Entry.objects.exists()


async def test_on_the_wire_it_ends_with_the_answer(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    started = await vera.command("conversation.start", client_id="first", body="Is it in stock?")
    ref = started["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    assert (await alice.command("conversation.hold", conversation=ref, on=True))["type"] == "ok"
    await vera.event("conversation.state", on_hold=True)
    await vera.event("entry.posted", kind="notice", author={"kind": "system"})
    told = len(vera.heard("conversation.state"))
    await alice.command("entry.post", conversation=ref, client_id="a1", body="Yes")
    await vera.until(lambda: len(vera.heard("conversation.state")) > told)
    assert "on_hold" not in vera.heard("conversation.state")[-1]


async def test_on_the_wire_a_stranger_is_refused(cast: Cast, sockets: Sockets) -> None:
    bob, vera = await sockets.operator(cast.bob), await sockets.visitor()
    started = await vera.command("conversation.start", client_id="first", body="Is it in stock?")
    answer = await bob.command("conversation.hold", conversation=started["conversation"], on=True)
    assert answer["code"] == "conversation.unknown"
