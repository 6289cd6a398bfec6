"""Taking, passing on, vanishing: one operator a chat, no visitor forgotten, everybody told."""

from __future__ import annotations

from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.models import Scope, User, UserType
from chatdesk.models import Conversation
from routing.actions import sweep
from routing.models import Group, Membership, Presence, State
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_membership, make_operator, make_user
from tests.sockets import Sockets
from tests.threads import elsewhere


async def test_waiting_people_are_told_their_place(cast: Cast, sockets: Sockets) -> None:
    vera, walt = await sockets.visitor(), await sockets.visitor()
    first, second = (await begun(vera))["conversation"], (await begun(walt))["conversation"]
    assert (await vera.event("conversation.state", conversation=first))["position"] == 1
    assert (await walt.event("conversation.state", conversation=second))["position"] == 2
    alice = await sockets.operator(cast.alice)
    await alice.event("conversation.assigned", conversation=first)
    assert (await vera.event("conversation.state", state="active"))["operator"]["name"] == "Alice"


async def test_the_next_in_line_moves_up_when_a_place_frees(cast: Cast, sockets: Sockets) -> None:
    await Membership.objects.filter(user=cast.alice).aupdate(chat_limit=1)
    alice = await sockets.operator(cast.alice)
    vera, walt, third = [await sockets.visitor() for _ in range(3)]
    ref = (await begun(vera))["conversation"]
    await begun(walt)
    await begun(third)
    await third.event("conversation.state", position=2)
    await alice.command("conversation.close", conversation=ref)
    await walt.event("conversation.state", state="active")
    await third.event("conversation.state", position=1)


async def test_by_hand_somebody_is_offered_it_and_one_takes_it(cast: Cast, sockets: Sockets) -> None:
    await Group.objects.filter(slug="sales").aupdate(policy="manual")
    carol = await sync_to_async(make_operator)("carol", cast.sales)
    one, two, vera = await sockets.operator(cast.alice), await sockets.operator(carol), await sockets.visitor()
    ref = (await begun(vera, "Anybody there?"))["conversation"]
    offered = await one.event("conversation.offered", conversation=ref)
    assert offered["snippet"] == "Anybody there?"
    await two.event("conversation.offered", conversation=ref)
    answers = [await client.answer_to(client.say("conversation.take", conversation=ref)) for client in (one, two)]
    assert [answer["type"] for answer in answers] == ["ok", "error"]
    assert answers[1]["code"] == "state.conflict"
    assert "Alice" in answers[1]["detail"]


async def test_twenty_takes_at_once_have_one_winner(cast: Cast, sockets: Sockets) -> None:
    await Group.objects.filter(slug="sales").aupdate(policy="manual")
    people = [await sync_to_async(make_operator)(f"op{n}", cast.sales) for n in range(20)]
    clients = [await sockets.operator(person) for person in people]
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    said = [(client, client.say("conversation.take", conversation=ref)) for client in clients]
    answers = [await client.answer_to(command_id) for client, command_id in said]
    assert [answer["type"] for answer in answers].count("ok") == 1
    assert len(vera.heard("entry.posted", kind="join")) <= 1
    conversation = await Conversation.objects.select_related("request").aget(ref=ref)
    assert conversation.request.state == State.ACTIVE


async def test_transfer_to_a_group(cast: Cast, sockets: Sockets) -> None:
    alice, bob, vera = await sockets.operator(cast.alice), await sockets.operator(cast.bob), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    assert (await alice.command("conversation.transfer", conversation=ref, group="support"))["type"] == "ok"
    await bob.event("conversation.assigned", conversation=ref)
    await vera.event("entry.posted", kind="transfer", body="Alice passed the conversation on to Support.")
    joined = await vera.event("entry.posted", kind="join", body="Bob joined the conversation.")
    assert joined["author"]["name"] == "Bob"
    refused = await alice.command("entry.post", conversation=ref, client_id="late", body="Wait")
    assert refused["code"] in ("conversation.unknown", "auth.denied")
    assert (await bob.command("entry.post", conversation=ref, client_id="b1", body="Hello"))["type"] == "ok"


async def test_transfer_to_a_person_and_to_nobody(cast: Cast, sockets: Sockets) -> None:
    carol: User = await sync_to_async(make_operator)("carol", cast.sales)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    for nobody in ({"operator": carol.pk}, {"operator": 10**6}, {"group": "no-such"}):
        refused = await alice.command("conversation.transfer", conversation=ref, **nobody)
        assert (refused["type"], refused["code"]) == ("error", "state.conflict")
    refused = await alice.command("conversation.transfer", conversation=ref)
    assert refused["code"] == "frame.invalid"
    assert (await alice.command("entry.post", conversation=ref, client_id="a1", body="Still here"))["type"] == "ok"


async def test_transfer_to_a_person_who_is_there(cast: Cast, sockets: Sockets) -> None:
    carol: User = await sync_to_async(make_operator)("carol", cast.sales)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    other = await sockets.operator(carol)
    assert (await alice.command("conversation.transfer", conversation=ref, operator=carol.pk))["type"] == "ok"
    await other.event("conversation.assigned", conversation=ref)
    await vera.event("entry.posted", kind="join", body="Carol joined the conversation.")


async def test_never_to_a_person_who_may_not_answer(cast: Cast, sockets: Sockets) -> None:
    kind = await UserType.objects.acreate(name="Reader", answer=Scope.NONE, transfer=Scope.ALL, take=Scope.ALL)
    rita: User = await sync_to_async(make_user)("rita", kind)
    await sync_to_async(make_membership)(cast.sales, rita)
    alice, reader, vera = await sockets.operator(cast.alice), await sockets.operator(rita), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    for client in (alice, reader):
        refused = await client.command("conversation.transfer", conversation=ref, operator=rita.pk)
        assert (refused["type"], refused["code"]) == ("error", "state.conflict")
    assert (await alice.command("entry.post", conversation=ref, client_id="a1", body="Still here"))["type"] == "ok"
    await alice.command("presence.set", status="away")
    waits = (await begun(await sockets.visitor()))["conversation"]
    refused = await reader.command("conversation.take", conversation=waits)
    assert (refused["type"], refused["code"]) == ("error", "auth.denied")


async def test_who_may_answer_no_more_hands_over_and_the_visitor_is_told(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    await User.objects.filter(pk=cast.alice.pk).aupdate(
        user_type=await UserType.objects.acreate(name="Reader", answer=Scope.NONE)
    )
    await elsewhere(sweep)
    assert (await vera.event("entry.posted", kind="leave"))["body"] == "Alice left the conversation."
    await vera.event("conversation.state", conversation=ref, state="waiting")


async def test_an_operator_who_vanishes_is_replaced_and_the_visitor_is_told(cast: Cast, sockets: Sockets) -> None:
    carol: User = await sync_to_async(make_operator)("carol", cast.sales)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    await alice.vanish()
    await elsewhere(sweep)  # within the lease: nothing happens
    assert not vera.heard("entry.posted", kind="leave")
    await Presence.objects.filter(user=cast.alice).aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    other = await sockets.operator(carol)
    await elsewhere(sweep)
    told = await vera.event("entry.posted", kind="leave")
    assert told["body"] == "Alice lost the connection. Somebody else will take over."
    await other.event("conversation.assigned", conversation=ref)
    await vera.event("entry.posted", kind="join", body="Carol joined the conversation.")


async def test_reloading_within_the_lease_keeps_the_chat(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    await alice.vanish()
    again = await sockets.operator(cast.alice)
    held = again.heard("ok")[0]["conversations"]
    assert [(c["id"], c["state"], c["last_seq"]) for c in held] == [(ref, "active", 2)]
    await vera.command("entry.post", client_id="v2", body="Are you back?")
    await again.event("entry.posted", body="Are you back?")


async def test_button_states_are_pushed_to_open_pages(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    assert vera.heard("ok")[0]["state"] == "offline"
    alice = await sockets.operator(cast.alice)
    await vera.event("button.state", button="sales", state="online")
    await alice.command("presence.set", status="away")
    await vera.event("button.state", button="sales", state="offline")
    await alice.command("presence.set", status="available")
    await Membership.objects.filter(user=cast.alice).aupdate(chat_limit=1)
    walt = await sockets.visitor()
    await begun(walt)
    await vera.event("button.state", button="sales", state="busy")
