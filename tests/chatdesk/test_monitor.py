"""Supervisors: watching, whispering, joining, taking over; and who may not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from asgiref.sync import sync_to_async

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.models import Conversation, Note, Participant, SiteSettings
from chatdesk.sitelimits import forget
from tests.chatdesk.handing import Held, held_chat
from tests.factories import Cast, make_supervisor
from tests.sockets import Frame, SocketClient, Sockets

SUPERVISING = ("conversation.monitor", "conversation.whisper", "conversation.join", "conversation.takeover")


@dataclass
class Watched(Held):
    sam: SocketClient


async def supervised(cast: Cast, sockets: Sockets) -> Watched:
    chat = await held_chat(cast, sockets)
    sam: User = await sync_to_async(make_supervisor)("sam")
    return Watched(chat.ref, chat.alice, chat.bob, chat.vera, await sockets.operator(sam))


async def may_watch_unseen(policy: str) -> None:
    await UserType.objects.filter(name="Supervisor").aupdate(monitors_silently=True)
    await SiteSettings.objects.aupdate_or_create(pk=1, defaults={"policy_text": policy})
    forget()


def shown(window: SocketClient) -> list[tuple[str, str]]:
    """Who is there, as this window was told last."""
    told: list[Frame] = window.heard("conversation.people")
    return [(one["author"]["name"], one["role"]) for one in told[-1]["people"]] if told else []


async def test_who_watches_is_shown_to_the_operator_and_not_to_the_visitor(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    assert (await chat.asks(chat.sam, "conversation.monitor"))["silent"] is False
    await chat.alice.until(lambda: shown(chat.alice) == [("Alice", "host"), ("Sam", "monitor")])
    await chat.sam.event("conversation.assigned", role="monitor")
    await chat.vera.command("entry.post", client_id="v2", body="Hello?")
    await chat.sam.event("entry.posted", body="Hello?")
    assert "Sam" not in str(chat.vera.frames)
    await chat.asks(chat.sam, "conversation.leave")
    await chat.alice.until(lambda: shown(chat.alice) == [("Alice", "host")])
    assert "Sam" not in str(chat.vera.frames)


async def test_watching_gives_no_right_to_write(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await chat.asks(chat.sam, "conversation.monitor")
    assert await chat.refused(chat.sam, "entry.post", client_id="s1", body="Hello") == "auth.denied"
    assert not chat.vera.heard("entry.posted", body="Hello")


async def test_what_a_watcher_receives_and_reads_is_not_told_to_the_visitor(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await chat.asks(chat.sam, "conversation.monitor")
    await chat.sam.event("conversation.assigned", role="monitor")
    answer = await chat.vera.command("entry.post", client_id="v2", body="Hello?")
    await chat.sam.event("entry.posted", body="Hello?")
    await chat.asks(chat.sam, "entry.read", seq=answer["seq"])
    await chat.asks(chat.alice, "entry.read", seq=1)
    await chat.vera.event("entry.read", reader="operator", seq=1)
    assert [told["seq"] for told in chat.vera.heard("entry.read", reader="operator")][-1] == 1


async def test_unseen_only_by_type_and_while_visitors_are_told(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await may_watch_unseen("  ")
    assert (await chat.asks(chat.sam, "conversation.monitor"))["silent"] is False
    await chat.asks(chat.sam, "conversation.leave")
    await may_watch_unseen("Chats may be read by supervisors.")
    await chat.alice.until(lambda: shown(chat.alice) == [("Alice", "host")])
    assert (await chat.asks(chat.sam, "conversation.monitor"))["silent"] is True
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk)
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    await chat.alice.until(lambda: shown(chat.alice) == [("Alice", "host"), ("Bob", "guest")])
    await chat.sam.until(lambda: shown(chat.sam) == [("Alice", "host"), ("Bob", "guest")])
    part = await Participant.objects.aget(conversation__ref=chat.ref, user__display_name="Sam")
    assert (part.role, part.is_silent) == ("monitor", True)


async def test_a_whisper_is_heard_at_the_desk_alone(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    answer = await chat.asks(chat.sam, "conversation.whisper", client_id="w1", body="OKAPI-12: offer free delivery")
    assert answer["seq"] == 1
    told = await chat.alice.event("note.posted", kind="whisper")
    assert (told["author"]["name"], told["body"]) == ("Sam", "OKAPI-12: offer free delivery")
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="Delivery is free")
    await chat.vera.event("entry.posted", body="Delivery is free")
    assert "OKAPI-12" not in str(chat.vera.frames)
    assert not chat.bob.heard("note.posted")
    assert (await chat.asks(chat.sam, "conversation.whisper", client_id="w1", body="again"))["seq"] == 1
    assert await Note.objects.acount() == 1
    assert await AuditEntry.objects.filter(action="chat.whisper").acount() == 1


async def test_whispering_takes_a_type_that_whispers(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await UserType.objects.filter(name="Supervisor").aupdate(whispers=False)
    assert await chat.refused(chat.sam, "conversation.whisper", client_id="w1", body="x") == "auth.denied"
    await UserType.objects.filter(name="Supervisor").aupdate(whispers=True)
    for body, code in ((" ", "entry.empty"), ("x" * 10_001, "entry.too_long")):
        assert await chat.refused(chat.sam, "conversation.whisper", client_id="w1", body=body) == code
    await chat.asks(chat.alice, "conversation.close")
    assert await chat.refused(chat.sam, "conversation.whisper", client_id="w1", body="x") == "conversation.closed"


async def test_joining_is_seen_by_everybody(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await chat.asks(chat.sam, "conversation.monitor")
    await chat.asks(chat.sam, "conversation.join")
    await chat.vera.event("entry.posted", kind="join", body="Sam joined the conversation.")
    await chat.asks(chat.sam, "entry.post", client_id="s1", body="I am the manager")
    await chat.vera.event("entry.posted", body="I am the manager")
    await chat.alice.until(lambda: shown(chat.alice) == [("Alice", "host"), ("Sam", "guest")])
    assert await chat.refused(chat.sam, "conversation.join") == "state.conflict"
    assert await chat.refused(chat.sam, "conversation.monitor") == "state.conflict"
    await chat.asks(chat.sam, "conversation.leave")
    await chat.vera.event("entry.posted", kind="leave", body="Sam left the conversation.")
    assert await chat.refused(chat.sam, "entry.post", client_id="s2", body="x") == "auth.denied"


async def test_taking_over_makes_the_supervisor_the_owner(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await chat.asks(chat.sam, "conversation.takeover")
    told = await chat.alice.event("conversation.assigned", conversation=chat.ref, role=None, last_seq=4)
    assert told["operator"]["name"] == "Sam"
    await chat.vera.event("entry.posted", body="Sam joined the conversation.")
    await chat.asks(chat.sam, "entry.post", client_id="s1", body="I help you now")
    assert await chat.refused(chat.alice, "entry.post", client_id="a1", body="x") == "auth.denied"
    assert await chat.refused(chat.sam, "conversation.takeover") == "state.conflict"
    row = await AuditEntry.objects.filter(action="chat.takeover").aget()
    assert (row.before, row.actor_name) == ({"operator": "Alice"}, "Sam <sam@desk.example>")


async def test_ten_supervisors_take_over_at_once(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    people = [await sync_to_async(make_supervisor)(f"sup{n}") for n in range(10)]
    windows = [await sockets.operator(person) for person in people]
    said = [(window, window.say("conversation.takeover", conversation=chat.ref)) for window in windows]
    for window, command_id in said:
        await window.answer_to(command_id)
    conversation = await Conversation.objects.select_related("request").aget(ref=chat.ref)
    hosts = Participant.objects.filter(conversation=conversation, role="host")
    assert [part.user_id async for part in hosts] == [conversation.request.operator_id]


async def test_a_chat_that_nobody_has_is_not_watched_but_taken(cast: Cast, sockets: Sockets) -> None:
    sam: User = await sync_to_async(make_supervisor)("sam")
    vera, desk = await sockets.visitor(), await sockets.operator(sam)
    answer = await vera.command("conversation.start", client_id="first", body="Hello there")
    for kind in ("conversation.monitor", "conversation.join", "conversation.takeover"):
        refused = await desk.command(kind, conversation=answer["conversation"])
        assert (kind, refused["code"]) == (kind, "state.conflict")
    await vera.command("conversation.close")
    for kind in ("conversation.monitor", "conversation.join", "conversation.takeover"):
        refused = await desk.command(kind, conversation=answer["conversation"])
        assert (kind, refused["code"]) == (kind, "conversation.closed")


@pytest.mark.parametrize("kind", SUPERVISING)
async def test_who_may_not_monitor_may_do_none_of_it(cast: Cast, sockets: Sockets, kind: str) -> None:
    chat = await supervised(cast, sockets)
    words = {"client_id": "w1", "body": "psst"} if kind == "conversation.whisper" else {}
    assert await chat.refused(chat.alice, kind, **words) == "auth.denied"
    assert await chat.refused(chat.bob, kind, **words) == "conversation.unknown"
    await UserType.objects.filter(name="Supervisor").aupdate(monitor=Scope.NONE)
    assert await chat.refused(chat.sam, kind, **words) == "auth.denied"
    await UserType.objects.filter(name="Supervisor").aupdate(see=Scope.NONE)
    assert await chat.refused(chat.sam, kind, **words) == "conversation.unknown"
    assert await AuditEntry.objects.filter(action__in=["chat.monitor", "chat.whisper", "chat.join"]).acount() == 0
    assert await Note.objects.acount() == 0


async def test_watching_and_joining_stand_in_the_audit_log(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await chat.asks(chat.sam, "conversation.monitor")
    await chat.asks(chat.sam, "conversation.join")
    rows = AuditEntry.objects.filter(action__in=["chat.monitor", "chat.join"]).order_by("pk")
    assert [(row.action, row.actor_name) async for row in rows] == [
        ("chat.monitor", "Sam <sam@desk.example>"), ("chat.join", "Sam <sam@desk.example>")
    ]  # fmt: skip


async def test_a_reload_keeps_the_watch(cast: Cast, sockets: Sockets) -> None:
    chat = await supervised(cast, sockets)
    await chat.asks(chat.sam, "conversation.monitor")
    again = await sockets.operator(await User.objects.select_related("user_type").aget(email="sam@desk.example"))
    assert [(one["id"], one["role"]) for one in again.heard("ok")[0]["conversations"]] == [(chat.ref, "monitor")]


@pytest.mark.parametrize("kind", ["conversation.join", "conversation.takeover"])
async def test_a_chat_never_ends_with_somebody_who_can_not_answer(cast: Cast, sockets: Sockets, kind: str) -> None:
    chat = await supervised(cast, sockets)
    await UserType.objects.filter(name="Supervisor").aupdate(answer=Scope.NONE)
    assert await chat.refused(chat.sam, kind) == "auth.denied"
    conversation = await Conversation.objects.select_related("request").aget(ref=chat.ref)
    assert conversation.request.operator_id == cast.alice.pk
    assert not await Participant.objects.filter(conversation=conversation, user__display_name="Sam").aexists()
    assert (await chat.asks(chat.sam, "conversation.monitor"))["silent"] is False
