"""Hello when the desk itself is late, or fails halfway: nobody is sent away for what is not their doing."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from chatdesk.consumers import operator, socket, visitor
from chatdesk.realtime import hub, reader
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import SocketClient, Sockets, signed_in

LIMIT = 0.2  # seconds to say hello in


def delay(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let one of the desk's own steps take three times as long as people have for their hello."""
    really: Callable[..., Any] = getattr(module, name)

    def slowly(*args: Any) -> Any:
        time.sleep(3 * LIMIT)
        return really(*args)

    monkeypatch.setattr(module, name, slowly)


def fail_once(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    really: Callable[..., Any] = getattr(module, name)
    failures = [OperationalError("the server closed the connection unexpectedly")]

    def fails(*args: Any) -> Any:
        if failures:
            raise failures.pop()
        return really(*args)

    monkeypatch.setattr(module, name, fails)


async def operator_line(cast: Cast, sockets: Sockets) -> SocketClient:
    return await sockets.open("/ws/desk/", cookie=await sync_to_async(signed_in)(cast.alice))


async def test_who_says_nothing_is_sent_away(cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "HELLO_WITHIN", LIMIT)
    for line in (await sockets.open("/ws/visitor/"), await operator_line(cast, sockets)):
        assert await line.closed() == 4401


async def test_a_hello_that_the_desk_answers_late_is_answered(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restart with hundreds coming back: the line stays."""
    monkeypatch.setattr(socket, "HELLO_WITHIN", LIMIT)
    delay(monkeypatch, visitor, "greet")
    delay(monkeypatch, operator, "sign_in")
    delay(monkeypatch, operator, "greet")
    vera, alice = await sockets.open("/ws/visitor/"), await operator_line(cast, sockets)
    asked = alice.say("hello", v=1)  # before anything is waited for
    assert (await vera.command("hello", v=1, button="sales"))["type"] == "ok"
    assert (await alice.answer_to(asked))["type"] == "ok"
    assert (vera.close_code, alice.close_code) == (None, None)


async def test_a_visitor_s_hello_that_failed_halfway_can_be_said_again(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await sockets.visitor()
    started = await begun(first)
    back = await sockets.open("/ws/visitor/")
    fail_once(monkeypatch, reader, "entries_after")
    hello = {"v": 1, "button": "sales", "token": started["token"], "after": 0}
    failed = await back.command("hello", **hello)
    assert (failed["type"], failed["code"], failed["retry"]) == ("error", "server.busy", True)
    assert (len(hub.visitors), len(next(iter(hub.rooms.values())).members)) == (1, 1)
    assert (await back.command("hello", **hello))["conversation"] == started["conversation"]
    await first.command("entry.post", client_id="next", body="Still there?")
    await back.event("entry.posted", body="Still there?")
    assert [seq for seq, _ in back.entries] == [1, 2]


async def test_an_operator_s_hello_that_failed_halfway_can_be_said_again(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, vera = await operator_line(cast, sockets), await sockets.visitor()
    fail_once(monkeypatch, operator, "arrive")
    failed = await alice.command("hello", v=1)
    assert (failed["code"], failed["retry"]) == ("server.busy", True)
    assert hub.all_operators() == []
    assert (await alice.command("presence.set", status="away"))["code"] == "state.conflict"
    assert (await alice.command("hello", v=1))["type"] == "ok"
    started = await begun(vera)
    await alice.event("conversation.assigned", conversation=started["conversation"])
