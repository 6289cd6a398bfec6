"""Each role with each command of the desk's socket on each conversation: the same table as over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.utils import timezone

from chatdesk.models import Conversation, Invitation
from chatdesk.protocol import Close
from tests.matrix.commands import NEEDS
from tests.matrix.stage import Stage, every_chat, make_stage
from tests.matrix.table import CHATS, MODULES, ROLES, Answer, Role, expected
from tests.sockets import SocketClient, Sockets, running_sockets, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
DESK = frozenset({"dashboard"})
AT_THE_DESK = [role for role in ROLES if "dashboard" in MODULES[role.kind]]
ELSEWHERE = [role for role in ROLES if "dashboard" not in MODULES[role.kind]]
NO_OFFER = "There is no such offer any more."
CODES: dict[str, Answer] = {"conversation.unknown": "unknown", "auth.denied": "denied"}


@pytest_asyncio.fixture
async def sockets(transactional_db: None) -> AsyncIterator[Sockets]:
    async with running_sockets() as sockets:
        yield sockets


async def said(client: SocketClient, command: str, conversation: Conversation) -> tuple[Answer, Any]:
    _verb, facts = NEEDS[command]
    answer = await client.command(command, conversation=conversation.ref, **facts)
    code = answer.get("code", "")
    if answer.get("detail") == NO_OFFER:  # of a chat that is seen, and nothing of it was offered
        code = "state.conflict"
    return CODES.get(code, "yes"), (code, answer.get("detail"))


def offer(stage: Stage, conversation: Conversation) -> int:
    """The number of an offer of it, from ann to bob."""
    facts = {"kind": Invitation.Kind.INVITE, "from_user": stage.people["ann"], "to_user": stage.people["bob"]}
    soon = timezone.now() + timedelta(minutes=5)
    return Invitation.objects.create(conversation=conversation, expires_at=soon, **facts).pk


@pytest.mark.parametrize("role", AT_THE_DESK, ids=[role.name for role in AT_THE_DESK])
async def test_the_answer_is_the_tables(role: Role, sockets: Sockets) -> None:
    stage = await sync_to_async(make_stage)()
    client = await sockets.operator(stage.people[role.name])
    wrong: list[tuple[Any, ...]] = []
    for command, (verb, _facts) in NEEDS.items():
        _never, unknown = await said(client, command, Conversation(ref="never-was-there-ever"))
        for chat, conversation in await sync_to_async(every_chat)(stage):
            answer, told = await said(client, command, conversation)
            if answer != expected(role, verb, chat, DESK):
                wrong.append((command, chat.name, answer, told))
            if answer == "unknown" and told != unknown:
                wrong.append((command, chat.name, "tells more than of one that never was", told))
    assert wrong == []


@pytest.mark.parametrize("role", ELSEWHERE, ids=[role.name for role in ELSEWHERE])
async def test_who_does_not_work_at_the_desk_gets_no_socket(role: Role, sockets: Sockets) -> None:
    stage: Stage = await sync_to_async(make_stage)()
    person = stage.people.get(role.name)
    cookie = await sync_to_async(signed_in)(person) if person else ""
    client = await sockets.open("/ws/desk/", cookie=cookie)
    assert await client.closed() == (Close.FORBIDDEN if person else Close.NOT_SIGNED_IN)
    assert [frame for frame in client.frames if frame["type"] != "bye"] == []


async def test_an_offer_to_somebody_else_is_unknown(sockets: Sockets) -> None:
    stage = await sync_to_async(make_stage)()
    chats = await sync_to_async(every_chat)(stage)
    offers = {conversation.pk: await sync_to_async(offer)(stage, conversation) for _chat, conversation in chats}
    for name in ("alice", "sam", "ada"):
        client = await sockets.operator(stage.people[name])
        for _chat, conversation in chats:
            for named in ({}, {"offer": offers[conversation.pk]}):
                facts = {"conversation": conversation.ref, "accept": True, **named}
                answer = await client.command("invitation.answer", **facts)
                assert answer["code"] == "conversation.unknown"


def test_every_answer_occurs() -> None:
    answers = {
        expected(role, verb, chat, DESK) for role in AT_THE_DESK for verb, _f in NEEDS.values() for chat in CHATS
    }
    assert answers == {"unknown", "denied", "yes"}
