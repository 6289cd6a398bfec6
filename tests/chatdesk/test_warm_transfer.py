"""A warm transfer: offered with a note, moved when it is accepted, and with its giver until then."""

from __future__ import annotations

from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.models import AuditEntry
from chatdesk.actions.invitations import end_overdue
from chatdesk.models import Conversation, Invitation, Note, SiteSettings
from chatdesk.sitelimits import forget
from routing.actions import sweep
from routing.models import Group, Membership, Presence
from tests.chatdesk.handing import Held, colleague, held_chat
from tests.factories import Cast, make_operator
from tests.sockets import Sockets
from tests.threads import elsewhere


async def offered_chat(cast: Cast, sockets: Sockets) -> Held:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.transfer", operator=cast.bob.pk, warm=True, note="Wants a refund")
    await chat.bob.event("invitation.offered", conversation=chat.ref, kind="warm", note="Wants a refund")
    return chat


async def owner_of(ref: str) -> int | None:
    return (await Conversation.objects.select_related("request").aget(ref=ref)).request.operator_id


async def test_it_stays_with_the_giver_until_it_is_accepted(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    assert await owner_of(chat.ref) == cast.alice.pk
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="One moment, I ask Bob")
    await chat.vera.event("entry.posted", body="One moment, I ask Bob")
    assert not chat.vera.heard("entry.posted", kind="leave")
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    assert await owner_of(chat.ref) == cast.bob.pk
    await chat.vera.event("entry.posted", body="Bob joined the conversation.")
    await chat.bob.event("conversation.assigned", role="host")
    for window in (chat.alice, chat.bob):
        await window.event("invitation.ended", outcome="accepted")
    assert await chat.refused(chat.alice, "entry.post", client_id="a2", body="Wait") == "auth.denied"


async def test_its_note_goes_with_it_and_stays_with_the_desk(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    assert await Note.objects.acount() == 0
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    await chat.asks(chat.bob, "conversation.resume", after=0, notes=0)
    told = await chat.bob.event("note.posted")
    assert (told["body"], told["author"]["name"]) == ("Wants a refund", "Alice")
    assert "refund" not in str(chat.vera.frames)


async def test_declined_it_is_still_the_givers(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    await chat.asks(chat.bob, "invitation.answer", accept=False)
    told = await chat.alice.event("invitation.ended", kind="warm")
    assert (told["outcome"], told["operator"]["name"]) == ("declined", "Bob")
    assert await owner_of(chat.ref) == cast.alice.pk
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="Still me")


async def test_not_answered_in_time_it_is_still_the_givers(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    await Invitation.objects.aupdate(expires_at=timezone.now() - timedelta(seconds=1))
    assert await chat.refused(chat.bob, "invitation.answer", accept=True) == "conversation.unknown"
    await elsewhere(end_overdue)
    await chat.alice.event("invitation.ended", outcome="expired")
    assert await owner_of(chat.ref) == cast.alice.pk
    assert await chat.refused(chat.bob, "conversation.resume", after=0) == "conversation.unknown"


async def test_there_is_one_offer_at_a_time(cast: Cast, sockets: Sockets) -> None:
    carol, _window = await colleague(sockets, cast)
    chat = await offered_chat(cast, sockets)
    again = {"operator": carol.pk, "warm": True}
    assert await chat.refused(chat.alice, "conversation.transfer", **again) == "state.conflict"
    await chat.asks(chat.alice, "invitation.withdraw")
    await chat.bob.event("invitation.ended", outcome="withdrawn")
    await chat.asks(chat.alice, "conversation.transfer", **again)


async def test_who_handed_it_over_meanwhile_offers_nothing(cast: Cast, sockets: Sockets) -> None:
    carol, window = await colleague(sockets, cast)
    chat = await offered_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.transfer", operator=carol.pk)
    await chat.bob.event("invitation.ended", outcome="withdrawn")
    assert await chat.refused(chat.bob, "invitation.answer", accept=True) == "conversation.unknown"
    assert await owner_of(chat.ref) == carol.pk
    await window.event("conversation.assigned", conversation=chat.ref)


async def test_a_giver_whose_line_is_lost_offers_nothing(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    await chat.alice.vanish()
    await Presence.objects.filter(user=cast.alice).aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    await elsewhere(sweep)
    await chat.bob.event("invitation.ended", outcome="withdrawn")
    assert await owner_of(chat.ref) is None


async def test_who_filled_up_meanwhile_can_not_accept_and_the_offer_stands(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    await Membership.objects.filter(user=cast.bob).aupdate(chat_limit=0)
    assert await chat.refused(chat.bob, "invitation.answer", accept=True) == "state.conflict"
    assert await Invitation.objects.filter(state="offered").acount() == 1
    assert await Note.objects.acount() == 0
    assert await owner_of(chat.ref) == cast.alice.pk


async def test_ten_of_a_group_accept_at_once_and_one_has_it(cast: Cast, sockets: Sockets) -> None:
    people = [await sync_to_async(make_operator)(f"op{n}", cast.support) for n in range(10)]
    chat = await held_chat(cast, sockets)
    windows = [await sockets.operator(person) for person in people]
    await chat.asks(chat.alice, "conversation.transfer", group="support", warm=True)
    for window in windows:
        await window.event("invitation.offered", to_group="Support")
    said = [(window, window.say("invitation.answer", conversation=chat.ref, accept=True)) for window in windows]
    answers = [await window.answer_to(one) for window, one in said]
    assert [answer["type"] for answer in answers].count("ok") == 1
    assert await owner_of(chat.ref) in {person.pk for person in people}
    assert await Invitation.objects.filter(state="accepted").acount() == 1


async def test_the_time_is_the_askers_the_groups_or_the_sites(cast: Cast, sockets: Sockets) -> None:
    await SiteSettings.objects.aupdate_or_create(pk=1, defaults={"accept_seconds": 40})
    forget()
    chat = await held_chat(cast, sockets)
    target = {"group": "support", "warm": True}
    for seconds, group_seconds, fields in ((40, 0, {}), (15, 15, {}), (20, 15, {"within": 20})):
        await Group.objects.filter(slug="support").aupdate(accept_seconds=group_seconds)
        assert (await chat.asks(chat.alice, "conversation.transfer", **target, **fields))["seconds"] == seconds
        await chat.asks(chat.alice, "invitation.withdraw")
    for within in (0, 4, 601):
        assert await chat.refused(chat.alice, "conversation.transfer", **target, within=within) == "frame.invalid"


async def test_a_guest_may_be_asked_to_take_it_over(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    await chat.asks(chat.alice, "conversation.transfer", operator=cast.bob.pk, warm=True)
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    await chat.vera.event("entry.posted", body="Bob answers from here on.")
    assert await owner_of(chat.ref) == cast.bob.pk


async def test_a_cold_transfer_takes_a_note_along(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "conversation.transfer", operator=cast.bob.pk, note="Knows the model")
    await chat.bob.event("conversation.assigned", role="host")
    await chat.asks(chat.bob, "conversation.resume", after=0, notes=0)
    assert (await chat.bob.event("note.posted"))["body"] == "Knows the model"
    assert await chat.refused(chat.bob, "conversation.transfer", group="no-such", note="Lost") == "state.conflict"
    assert await Note.objects.acount() == 1
    assert "Knows the model" not in str(chat.vera.frames)


async def test_it_stands_in_the_audit_log(cast: Cast, sockets: Sockets) -> None:
    chat = await offered_chat(cast, sockets)
    assert not await AuditEntry.objects.filter(action="chat.transfer").aexists()
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    row = await AuditEntry.objects.filter(action="chat.transfer").aget()
    assert (row.actor_id, "Bob" in str(row.after)) == (cast.alice.pk, True)


async def test_outsiders_and_readers_can_not_offer_it(cast: Cast, sockets: Sockets) -> None:
    _carol, window = await colleague(sockets, cast)
    chat = await held_chat(cast, sockets)
    assert await chat.refused(chat.bob, "conversation.transfer", group="support", warm=True) == "conversation.unknown"
    assert await chat.refused(window, "conversation.transfer", group="support", warm=True) == "auth.denied"
    assert await chat.refused(window, "invitation.answer", accept=True) == "conversation.unknown"
    assert await Invitation.objects.acount() == 0
