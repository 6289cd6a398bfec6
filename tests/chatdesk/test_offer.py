"""A chat that has to be accepted, as its people see it: the visitor waits until somebody begins."""

from __future__ import annotations

from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.models import UserType
from chatdesk.models import Conversation, Entry
from routing.actions import sweep
from routing.models import Group, Presence, Request, State
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_group, make_operator, make_present
from tests.sockets import Sockets
from tests.threads import elsewhere


async def must_accept(seconds: int = 30) -> None:
    await Group.objects.filter(slug="sales").aupdate(accept_seconds=seconds)


async def request_of(ref: str) -> Request:
    conversation = await Conversation.objects.select_related("request__operator").aget(ref=ref)
    return conversation.request


async def test_the_visitor_waits_until_somebody_begins(cast: Cast, sockets: Sockets) -> None:
    await must_accept()
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    offered = await alice.event("conversation.assigned", conversation=ref)
    assert 20 <= offered["accept_seconds"] <= 30
    waits = await vera.event("conversation.state", conversation=ref)
    assert (waits["state"], waits["position"], waits.get("operator")) == ("waiting", 1, None)
    assert not vera.heard("entry.posted", kind="join")
    assert (await alice.command("conversation.take", conversation=ref))["type"] == "ok"
    await vera.event("entry.posted", kind="join", body="Alice joined the conversation.")
    assert (await vera.event("conversation.state", state="active"))["operator"]["name"] == "Alice"


async def test_who_writes_has_begun(cast: Cast, sockets: Sockets) -> None:
    await must_accept()
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    answer = await alice.command("entry.post", conversation=ref, client_id="a1", body="Here I am")
    assert answer["type"] == "ok"
    await vera.event("entry.posted", body="Here I am")
    assert [frame["kind"] for frame in vera.heard("entry.posted")][-2:] == ["join", "message"]
    assert (await request_of(ref)).accept_by is None


async def test_let_pass_it_is_offered_to_the_next_and_who_let_it_is_told(cast: Cast, sockets: Sockets) -> None:
    await must_accept()
    carol = await sync_to_async(make_operator)("carol", cast.sales)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    other = await sockets.operator(carol)
    await Request.objects.filter(conversation__ref=ref).aupdate(accept_by=timezone.now() - timedelta(seconds=1))
    await elsewhere(sweep)
    assert (await other.event("conversation.assigned", conversation=ref))["accept_seconds"] > 20
    told = await alice.event("conversation.assigned", conversation=ref, passed=True)
    assert told["operator"]["name"] == "Carol"
    assert not vera.heard("entry.posted", kind="join")
    assert not vera.heard("entry.posted", kind="leave")
    late = await alice.answer_to(alice.say("conversation.take", conversation=ref))
    assert late["code"] == "state.conflict"


async def test_overflow_is_told_to_the_visitor(cast: Cast, sockets: Sockets) -> None:
    await Group.objects.filter(slug="sales").aupdate(overflow_group=cast.support, overflow_seconds=0)
    await sync_to_async(make_present)(cast.bob, seconds=600)
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await elsewhere(sweep)
    moved = await vera.event("entry.posted", kind="transfer")
    assert moved["body"] == "Nobody in Sales is free yet. The conversation goes on to Support."
    await vera.event("entry.posted", kind="join", body="Bob joined the conversation.")
    conversation = await Conversation.objects.select_related("group", "request").aget(ref=ref)
    assert (conversation.group, conversation.request.state) == (cast.support, State.ACTIVE)


async def test_overflow_to_a_group_that_picks_up_by_hand_is_offered_there(cast: Cast, sockets: Sockets) -> None:
    pool = await sync_to_async(make_group)("pool", manual=True)
    carol = await sync_to_async(make_operator)("carol", pool)
    await Group.objects.filter(slug="sales").aupdate(overflow_group=pool, overflow_seconds=0)
    desk, vera = await sockets.operator(carol), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await elsewhere(sweep)
    assert (await desk.event("conversation.offered", conversation=ref))["group"] == "pool"


async def test_who_begins_as_unavailable_signs_in_as_that(cast: Cast, sockets: Sockets) -> None:
    await UserType.objects.filter(users=cast.alice).aupdate(starts_unavailable=True)
    await sockets.operator(cast.alice)
    presence = await Presence.objects.aget(user=cast.alice)
    assert presence.status == "unavailable"


async def test_who_writes_in_what_went_to_somebody_else_meanwhile_is_refused(cast: Cast, sockets: Sockets) -> None:
    await must_accept()
    carol = await sync_to_async(make_operator)("carol", cast.sales)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    await alice.command("conversation.resume", conversation=ref, after=0)  # the offer is what this window knows
    await Request.objects.filter(conversation__ref=ref).aupdate(operator=carol, accept_by=None)
    answer = await alice.command("entry.post", conversation=ref, client_id="a1", body="Here I am")
    assert (answer["type"], answer["code"]) == ("error", "auth.denied")
    assert not await Entry.objects.filter(conversation__ref=ref, body="Here I am").aexists()


async def test_who_began_in_another_window_writes_in_this_one(cast: Cast, sockets: Sockets) -> None:
    await must_accept()
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    await alice.command("conversation.resume", conversation=ref, after=0)
    await Request.objects.filter(conversation__ref=ref).aupdate(accept_by=None)
    answer = await alice.command("entry.post", conversation=ref, client_id="a1", body="Here I am")
    assert answer["type"] == "ok"
    await vera.event("entry.posted", body="Here I am")
