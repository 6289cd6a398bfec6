"""Inviting a colleague into a chat: asked, in as a guest, out again; the owner stays the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.actions.invitations import end_overdue
from chatdesk.models import Conversation, Invitation, Participant
from routing.actions import sweep
from routing.models import Presence
from tests.chatdesk.handing import Held, colleague, held_chat
from tests.factories import Cast, make_membership, make_operator, make_user
from tests.sockets import Sockets
from tests.threads import elsewhere


async def guest_bob(cast: Cast, sockets: Sockets) -> Held:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    await chat.bob.event("invitation.offered", conversation=chat.ref)
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    await chat.bob.event("conversation.assigned", role="guest")
    return chat


async def test_who_is_asked_hears_what_for(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    answer = await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk, note="A word on VAT?", within=45)
    assert answer["seconds"] == 45
    for window in (chat.bob, chat.alice):
        told = await window.event("invitation.offered", conversation=chat.ref)
        assert (told["kind"], told["sender"]["name"], told["operator"]["name"]) == ("invite", "Alice", "Bob")
        assert (told["note"], told["group"], 40 <= told["seconds"] <= 45) == ("A word on VAT?", "Sales", True)
    assert await chat.refused(chat.bob, "entry.post", client_id="b1", body="Not yet") == "conversation.unknown"


async def test_a_guest_reads_and_writes_and_the_owner_stays_the_owner(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    joined = await chat.vera.event("entry.posted", body="Bob joined the conversation.")
    assert (joined["kind"], joined["author"]["name"]) == ("join", "Bob")
    await chat.asks(chat.bob, "entry.post", client_id="b1", body="Bob here")
    await chat.vera.event("entry.posted", body="Bob here")
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="Alice here")
    await chat.bob.event("entry.posted", body="Alice here")
    await chat.vera.command("entry.post", client_id="v2", body="Two of you!")
    await chat.bob.event("entry.posted", body="Two of you!")
    conversation = await Conversation.objects.select_related("request").aget(ref=chat.ref)
    assert conversation.request.operator_id == cast.alice.pk
    assert chat.vera.heard("conversation.state", state="active")[-1]["operator"]["name"] == "Alice"


async def test_the_desk_hears_who_is_there(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    for window in (chat.alice, chat.bob):
        await window.until(
            lambda window=window: [  # type: ignore[misc]
                one
                for told in window.heard("conversation.people", conversation=chat.ref)
                for one in told["people"]
                if (one["author"]["name"], one["role"]) == ("Bob", "guest")
            ]
        )
    assert not chat.vera.heard("conversation.people")


async def test_the_note_of_an_accepted_invitation_stands_in_the_log(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk, note="VAT number is missing")
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    told = await chat.alice.event("note.posted")
    assert (told["body"], told["author"]["name"]) == ("VAT number is missing", "Alice")
    assert "VAT number" not in str(chat.vera.frames)


async def test_a_guest_may_do_nothing_more(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    for kind, fields in (
        ("conversation.close", {}),
        ("conversation.transfer", {"group": "support"}),
        ("conversation.invite", {"group": "support"}),
        ("conversation.monitor", {}),
        ("conversation.takeover", {}),
        ("conversation.take", {}),
    ):
        assert await chat.refused(chat.bob, kind, **fields) == "auth.denied"


async def test_a_guest_leaves_and_hears_nothing_from_then_on(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    await chat.asks(chat.bob, "conversation.leave")
    left = await chat.vera.event("entry.posted", kind="leave")
    assert left["body"] == "Bob left the conversation."
    await chat.bob.until(lambda: chat.bob.heard("conversation.assigned", conversation=chat.ref)[-1].get("role") is None)
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="Just us again")
    await chat.vera.event("entry.posted", body="Just us again")
    assert await chat.refused(chat.bob, "conversation.resume", after=0) == "conversation.unknown"
    assert await chat.refused(chat.bob, "conversation.leave") == "conversation.unknown"
    assert not chat.bob.heard("entry.posted", body="Just us again")


async def test_the_owner_goes_by_a_transfer_alone(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    assert await chat.refused(chat.alice, "conversation.leave") == "state.conflict"
    await chat.asks(chat.alice, "conversation.transfer", operator=cast.bob.pk)
    await chat.vera.event("entry.posted", body="Bob answers from here on.")
    await chat.bob.event("conversation.assigned", role="host")
    part = await Participant.objects.aget(conversation__ref=chat.ref, user=cast.bob)
    assert part.role == "host"
    assert await chat.refused(chat.alice, "entry.post", client_id="late", body="x") in (
        "auth.denied",
        "conversation.unknown",
    )


async def test_a_guest_whose_line_is_lost_is_out(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    await chat.bob.vanish()
    await Presence.objects.filter(user=cast.bob).aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    await elsewhere(sweep)
    await chat.vera.event("entry.posted", kind="leave", body="Bob lost the connection.")
    again = await sockets.operator(cast.bob)
    assert again.heard("ok")[0]["conversations"] == []


async def test_a_reload_within_the_lease_keeps_the_guest(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    await chat.bob.vanish()
    again = await sockets.operator(cast.bob)
    held = again.heard("ok")[0]["conversations"]
    assert [(one["id"], one["role"]) for one in held] == [(chat.ref, "guest")]
    await chat.vera.command("entry.post", client_id="v2", body="Still there?")
    await again.event("entry.posted", body="Still there?")


async def test_declined_is_said_to_who_asked(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    await chat.asks(chat.bob, "invitation.answer", accept=False)
    for window in (chat.alice, chat.bob):
        told = await window.event("invitation.ended", conversation=chat.ref)
        assert (told["outcome"], told["operator"]["name"]) == ("declined", "Bob")
    assert await chat.refused(chat.bob, "invitation.answer", accept=True) == "conversation.unknown"
    assert not chat.vera.heard("entry.posted", body="Bob joined the conversation.")


async def test_nobody_answered_in_time(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    assert await elsewhere(end_overdue) == 0
    await Invitation.objects.aupdate(expires_at=timezone.now() - timedelta(seconds=1))
    assert await chat.refused(chat.bob, "invitation.answer", accept=True) == "conversation.unknown"
    assert await elsewhere(end_overdue) == 1
    await chat.alice.event("invitation.ended", outcome="expired")
    await chat.bob.event("invitation.ended", outcome="expired")
    assert await elsewhere(end_overdue) == 0


async def test_the_first_of_a_group_comes_in_and_the_others_hear_it_is_over(cast: Cast, sockets: Sockets) -> None:
    dave: User = await sync_to_async(make_operator)("dave", cast.support)
    chat = await held_chat(cast, sockets)
    other = await sockets.operator(dave)
    await chat.asks(chat.alice, "conversation.invite", group="support")
    for window in (chat.bob, other):
        assert (await window.event("invitation.offered"))["to_group"] == "Support"
    said = [window.say("invitation.answer", conversation=chat.ref, accept=True) for window in (chat.bob, other)]
    answers = [await window.answer_to(one) for window, one in zip((chat.bob, other), said, strict=True)]
    assert sorted(answer["type"] for answer in answers) == ["error", "ok"]
    await other.event("invitation.ended", outcome="accepted")
    assert await Participant.objects.filter(conversation__ref=chat.ref, role="guest").acount() == 1


async def test_who_could_not_answer_hears_of_no_offer(cast: Cast, sockets: Sockets) -> None:
    kind = await UserType.objects.acreate(name="Reader", answer=Scope.NONE)
    rita: User = await sync_to_async(make_user)("rita", kind)
    await sync_to_async(make_membership)(cast.support, rita)
    chat = await held_chat(cast, sockets)
    reader = await sockets.operator(rita)
    await chat.asks(chat.alice, "conversation.invite", group="support", note="OKAPI")
    await chat.bob.event("invitation.offered")
    assert await chat.refused(reader, "invitation.answer", accept=True) == "auth.denied"
    again = await sockets.operator(rita)
    assert again.heard("ok")[0]["invitations"] == []
    assert "OKAPI" not in str(reader.frames + again.frames)


async def test_who_is_there_already_is_not_waited_for(cast: Cast, sockets: Sockets) -> None:
    dave: User = await sync_to_async(make_operator)("dave", cast.support)
    chat = await guest_bob(cast, sockets)
    other = await sockets.operator(dave)
    await chat.asks(chat.alice, "conversation.invite", group="support")
    await chat.asks(other, "invitation.answer", accept=False)
    assert (await Invitation.objects.aget(to_group=cast.support)).state == "declined"


async def test_a_group_has_declined_when_all_have(cast: Cast, sockets: Sockets) -> None:
    dave: User = await sync_to_async(make_operator)("dave", cast.support)
    chat = await held_chat(cast, sockets)
    other = await sockets.operator(dave)
    await chat.asks(chat.alice, "conversation.invite", group="support")
    await chat.asks(chat.bob, "invitation.answer", accept=False)
    assert await Invitation.objects.filter(state="offered").acount() == 1
    again = await sockets.operator(cast.bob)
    assert again.heard("ok")[0]["invitations"] == []
    await chat.asks(other, "invitation.answer", accept=False)
    await chat.alice.event("invitation.ended", outcome="declined")


async def test_it_can_be_taken_back_and_ends_with_the_chat(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    assert await chat.refused(chat.alice, "invitation.withdraw") == "conversation.unknown"
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    assert await chat.refused(chat.alice, "conversation.invite", operator=cast.bob.pk) == "state.conflict"
    assert await chat.refused(chat.bob, "invitation.withdraw") == "conversation.unknown"
    await chat.asks(chat.alice, "invitation.withdraw")
    await chat.bob.event("invitation.ended", outcome="withdrawn")
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    await chat.asks(chat.alice, "conversation.close")
    # By its number: an end may be told twice, when it came while the offer was on its way.
    await chat.bob.until(
        lambda: len({told["offer"] for told in chat.bob.heard("invitation.ended", outcome="withdrawn")}) == 2
    )
    assert await chat.refused(chat.alice, "conversation.invite", operator=cast.bob.pk) == "conversation.closed"


async def test_hello_tells_what_is_open(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    for person in (cast.alice, cast.bob):
        window = await sockets.operator(person)
        assert [one["conversation"] for one in window.heard("ok")[0]["invitations"]] == [chat.ref]


async def test_only_who_is_free_can_be_asked(cast: Cast, sockets: Sockets, sam: User) -> None:
    absent: User = await sync_to_async(make_operator)("eve", cast.support)
    full, _window = await colleague(sockets, cast, "finn", limit=0)
    chat = await held_chat(cast, sockets)
    desk = await sockets.operator(sam)  # in no group, so nobody's colleague to be given chats
    await desk.command("presence.set", status="available")
    for target in (absent.pk, full.pk, sam.pk, cast.alice.pk, cast.charlie.pk, 10**6):
        assert await chat.refused(chat.alice, "conversation.invite", operator=target) == "state.conflict"
    for group in ("sales", "no-such"):
        assert await chat.refused(chat.alice, "conversation.invite", group=group) == "state.conflict"
    for fields in ({}, {"group": "support", "operator": cast.bob.pk}):
        assert await chat.refused(chat.alice, "conversation.invite", **fields) == "frame.invalid"
    assert await Invitation.objects.acount() == 0


async def test_who_may_not_hand_over_may_not_invite(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await UserType.objects.filter(name="Operator").aupdate(transfer=Scope.NONE)
    assert await chat.refused(chat.alice, "conversation.invite", operator=cast.bob.pk) == "auth.denied"
    assert await chat.refused(chat.bob, "conversation.invite", operator=cast.bob.pk) == "conversation.unknown"


@pytest.mark.parametrize("verb", ["see", "answer"])
async def test_a_guest_whose_type_loses_the_verb_loses_it_here_too(cast: Cast, sockets: Sockets, verb: str) -> None:
    chat = await guest_bob(cast, sockets)
    await UserType.objects.filter(name="Operator").aupdate(**{verb: Scope.NONE})
    again = await sockets.operator(cast.bob)
    assert await chat.refused(again, "entry.post", client_id="b1", body="x") in ("conversation.unknown", "auth.denied")


async def test_it_stands_in_the_audit_log(cast: Cast, sockets: Sockets) -> None:
    await guest_bob(cast, sockets)
    row = await AuditEntry.objects.filter(action="chat.invite").aget()
    assert "Bob" in str(row.after)


# --- beside a warm transfer of the same chat, to the same person ----------------------------------------------------


async def two_offers(cast: Cast, sockets: Sockets) -> tuple[Held, dict[str, int]]:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    await chat.asks(chat.alice, "conversation.transfer", operator=cast.bob.pk, warm=True)
    kinds = ("invite", "warm")
    return chat, {kind: (await chat.bob.event("invitation.offered", kind=kind))["offer"] for kind in kinds}


async def states() -> dict[str, str]:
    return {one.kind: one.state async for one in Invitation.objects.all()}


async def test_the_offer_that_is_named_is_answered(cast: Cast, sockets: Sockets) -> None:
    chat, offers = await two_offers(cast, sockets)
    await chat.asks(chat.bob, "invitation.answer", offer=offers["invite"], accept=True)
    await chat.bob.event("conversation.assigned", role="guest")
    assert await states() == {"invite": "accepted", "warm": "offered"}
    ended = await chat.alice.event("invitation.ended", offer=offers["invite"])
    assert (ended["kind"], ended["outcome"]) == ("invite", "accepted")
    await chat.asks(chat.bob, "invitation.answer", offer=offers["warm"], accept=False)
    assert await states() == {"invite": "accepted", "warm": "declined"}


async def test_without_its_number_one_of_two_is_not_guessed(cast: Cast, sockets: Sockets) -> None:
    chat, offers = await two_offers(cast, sockets)
    for accept in (True, False):
        assert await chat.refused(chat.bob, "invitation.answer", accept=accept) == "state.conflict"
    assert await states() == {"invite": "offered", "warm": "offered"}
    await chat.asks(chat.bob, "invitation.answer", offer=offers["warm"], accept=False)
    await chat.asks(chat.bob, "invitation.answer", accept=True)  # one is left
    assert await states() == {"invite": "accepted", "warm": "declined"}


async def test_a_number_opens_nothing_but_its_own_offer(cast: Cast, sockets: Sockets) -> None:
    chat, offers = await two_offers(cast, sockets)
    refused = [(chat.bob, 10**9), (chat.bob, 2**63 - 1), (chat.alice, offers["warm"])]
    for window, offer in refused:
        code = await chat.refused(window, "invitation.answer", offer=offer, accept=True)
        assert code == "conversation.unknown"
    elsewhere = await chat.bob.command("invitation.answer", conversation="other", offer=offers["warm"], accept=True)
    assert elsewhere["code"] == "conversation.unknown"
    assert await states() == {"invite": "offered", "warm": "offered"}


async def test_a_guest_reads_no_more_once_the_chat_has_ended(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    await chat.asks(chat.alice, "conversation.close")
    await chat.bob.event("conversation.assigned", role=None)
    assert await chat.refused(chat.bob, "conversation.resume", after=0) == "conversation.unknown"
    part = await Participant.objects.aget(conversation__ref=chat.ref, user=cast.bob)
    assert (part.role, part.is_silent) == ("", False)
    await chat.asks(chat.alice, "note.post", client_id="n1", body="OKAPI, for Sales alone")
    await chat.alice.event("note.posted", body="OKAPI, for Sales alone")
    assert "OKAPI" not in str(chat.bob.frames)


async def test_a_role_left_in_an_ended_chat_opens_nothing(cast: Cast, sockets: Sockets) -> None:
    chat = await guest_bob(cast, sockets)
    await chat.asks(chat.alice, "conversation.close")
    await Participant.objects.filter(conversation__ref=chat.ref, user=cast.bob).aupdate(role="guest")
    assert await chat.refused(chat.bob, "conversation.resume", after=0) == "conversation.unknown"
