"""An operator looks something up: the visitor is told, and it ends with the next word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.waiting import holds, set_hold, tend
from chatdesk.actions.waiting.holds import held_now
from chatdesk.actions.waiting.silences import on_hold
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.states import conversation_states
from routing.actions.presence import leave
from routing.actions.taking import transfer
from routing.models import Request, State
from tests.factories import Cast, make_admin, make_conversation, make_entry, make_operator, make_present
from tests.sockets import Sockets


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


def says(talk: Conversation, words: str, author: User | None = None) -> None:
    talk.refresh_from_db()  # the desk writes too
    make_entry(talk, words, author)


def plan(rows: QuerySet[Any]) -> str:
    """How the database would look for them, if the tables were large."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


def held(talk: Conversation) -> bool:
    return conversation_states([talk.pk])[talk.pk].on_hold


def test_the_visitor_is_told_once(talk: Conversation, alice: User) -> None:
    set_hold(alice, talk.ref, True)
    set_hold(alice, talk.ref, True)
    assert held(talk)
    notice = Entry.objects.get(conversation=talk)
    assert (notice.kind, notice.body) == (Kind.NOTICE, "Alice is looking this up. One moment, please.")


def test_two_windows_at_once_tell_the_visitor_once(
    talk: Conversation, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_before = conversation_for_operator(alice, talk.ref, "answer")
    set_hold(alice, talk.ref, True)
    monkeypatch.setattr(holds, "conversation_for_operator", lambda *_: read_before)
    set_hold(alice, talk.ref, True)
    assert Entry.objects.filter(conversation=talk).count() == 1


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


# --- while it is only offered, and once it goes back to a queue ------------------------------------------------------


def make_offered(talk: Conversation) -> None:
    Request.objects.filter(pk=talk.request_id).update(accept_by=timezone.now() + timedelta(seconds=30))


def stored_hold(talk: Conversation) -> datetime | None:
    return Conversation.objects.values_list("on_hold_since", flat=True).get(pk=talk.pk)


def test_what_is_only_offered_is_not_put_on_hold(talk: Conversation, alice: User) -> None:
    make_offered(talk)
    with pytest.raises(Refused) as refused:
        set_hold(alice, talk.ref, True)
    assert refused.value.code == Code.CONFLICT
    assert stored_hold(talk) is None
    assert not Entry.objects.exists()


def test_nobody_is_told_of_a_hold_while_it_is_offered(talk: Conversation, alice: User, cast: Cast) -> None:
    set_hold(alice, talk.ref, True)
    hour = timezone.now() + timedelta(hours=1)
    assert on_hold(cast.sales, hour).filter(since__lte=hour).exists()
    make_offered(talk)
    assert not on_hold(cast.sales, hour).filter(since__lte=hour).exists()


def test_a_lost_line_ends_it(talk: Conversation, alice: User) -> None:
    make_present(alice)
    set_hold(alice, talk.ref, True)
    leave(alice.pk)
    assert stored_hold(talk) is None


def test_a_transfer_to_a_group_ends_it(talk: Conversation, alice: User, cast: Cast) -> None:
    make_present(cast.bob)
    set_hold(alice, talk.ref, True)
    transfer(talk.request_id, alice, group=cast.support)
    assert stored_hold(talk) is None


# --- on the wire -----------------------------------------------------------------------------------------------------


async def test_an_answer_that_is_stored_is_answered_so_whatever_became_of_the_hold(
    cast: Cast, sockets: Sockets
) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await vera.command("conversation.start", client_id="first", body="Is it in stock?"))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    await alice.command("conversation.hold", conversation=ref, on=True)
    await vera.event("conversation.state", on_hold=True)
    await alice.command("conversation.resume", conversation=ref, after=0)
    # A moment later it is nobody's, and this window has not yet heard of it.
    await Request.objects.filter(conversation__ref=ref).aupdate(state=State.WAITING, operator=None)
    first = await alice.command("entry.post", conversation=ref, client_id="a1", body="Yes")
    assert first["type"] == "ok", first
    assert await Entry.objects.filter(conversation__ref=ref, body="Yes").acount() == 1
    again = await alice.command("entry.post", conversation=ref, client_id="a1", body="Yes")
    assert (again["type"], again["seq"]) == ("ok", first["seq"])


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_what_is_on_hold_has_an_index(talk: Conversation, cast: Cast) -> None:
    for _ in range(60):  # open, and not on hold: what another index would have to walk through
        make_conversation(cast.support_button)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = Conversation.objects.filter(on_hold_since__isnull=False, closed_at=None)
    assert "conversation_on_hold" in plan(rows)


def test_nothing_but_what_somebody_has_is_looked_at(talk: Conversation, alice: User, cast: Cast) -> None:
    set_hold(alice, talk.ref, True)
    kept = make_conversation(cast.support_button, cast.walt, closed=True)
    Conversation.objects.filter(pk=kept.pk).update(closed_at=None, on_hold_since=timezone.now())
    assert list(held_now()) == [talk]
    assert tend() == 0
