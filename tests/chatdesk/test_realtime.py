"""Between processes: hints that never tell, readers that fetch once, a heartbeat that heals what was lost."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from chatdesk.actions.ledger import Post, commit
from chatdesk.consumers import socket
from chatdesk.models import Conversation, Participant
from chatdesk.protocol import Close
from chatdesk.realtime import hub
from chatdesk.realtime.bus import Bus
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import Sockets
from tests.threads import elsewhere


async def written_elsewhere(ref: str, *bodies: str) -> int:
    """Entries as another process commits them: nothing in this one knows."""
    conversation = await Conversation.objects.aget(ref=ref)
    part = await Participant.objects.aget(conversation=conversation, user=None)
    await elsewhere(commit, [Post(conversation.pk, part.pk, "message", body) for body in bodies])
    return conversation.pk


async def test_a_hint_makes_a_process_read_what_it_lacks(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    pk = await written_elsewhere(ref, "one", "two", "three")
    assert len(vera.entries) == 1
    hub.hear(["head", pk, 4])
    await vera.event("entry.posted", seq=4)
    assert [seq for seq, _ in vera.entries] == [1, 2, 3, 4]


async def test_old_and_repeated_hints_change_nothing(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    pk = await written_elsewhere(ref, "one")
    for head in (2, 1, 2, 0, 2):
        hub.hear(["head", pk, head])
    await vera.event("entry.posted", seq=2)
    await vera.command("entry.post", client_id="v2", body="after")
    assert [seq for seq, _ in vera.entries] == [1, 2, 3]


async def test_own_entries_wait_for_those_of_others(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await written_elsewhere(ref, "theirs")  # and its hint is lost
    answer = await vera.command("entry.post", client_id="v2", body="mine")
    assert answer["seq"] == 3
    await vera.event("entry.posted", seq=3)
    assert vera.entries == [(1, "Hello there"), (2, "theirs"), (3, "mine")]


async def test_the_heartbeat_heals_a_lost_last_hint(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await written_elsewhere(ref, "the last word")
    await hub.clock._send_heads()
    assert (await vera.event("heads"))["heads"] == {ref: 2}
    await vera.event("entry.posted", seq=2, body="the last word")


async def test_two_processes_hear_each_other(cast: Cast, sockets: Sockets) -> None:
    heard: list[Any] = []
    other = Bus(heard.append)
    listening = asyncio.create_task(other.listen())
    vera = await sockets.visitor()
    await asyncio.sleep(0.3)
    ref = (await begun(vera, "A marker nobody else may carry"))["conversation"]
    pk = (await Conversation.objects.aget(ref=ref)).pk
    async with asyncio.timeout(5):
        while ["head", pk, 1] not in heard:
            await asyncio.sleep(0.02)
    assert "marker" not in str(heard)
    await written_elsewhere(ref, "from the other process")
    other.send(["head", pk, 2])
    await vera.event("entry.posted", seq=2, body="from the other process")
    listening.cancel()


class BrokenLayer:
    async def group_send(self, group: str, message: object) -> None:
        raise ConnectionError("the bus is away")


async def test_a_broken_bus_never_reaches_a_writer(
    cast: Cast, sockets: Sockets, caplog: pytest.LogCaptureFixture
) -> None:
    vera = await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    working, hub.bus._layer = hub.bus._layer, BrokenLayer()
    with caplog.at_level(logging.WARNING):
        assert (await vera.command("entry.post", client_id="v2", body="still here"))["type"] == "ok"
        async with asyncio.timeout(10):
            while hub.bus.healthy:
                await asyncio.sleep(0.01)
    assert [record.levelname for record in caplog.records if "bus is away" in record.message] == ["WARNING"]
    await written_elsewhere(ref, "unheard")
    await hub.clock._poll_without_bus()
    await vera.event("entry.posted", seq=3, body="unheard")
    hub.bus._layer = working
    async with asyncio.timeout(10):
        while not hub.bus.healthy:
            await hub.clock._poll_without_bus()
            await asyncio.sleep(0.1)


async def test_messages_that_wait_are_committed_together(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitors = [await sockets.visitor() for _ in range(10)]
    for visitor in visitors:
        await begun(visitor)
    sizes: list[int] = []

    def counting(posts: list[Post]) -> list[Any]:
        sizes.append(len(posts))
        return list(commit(posts))

    monkeypatch.setattr("chatdesk.actions.writer._commit_each", counting)
    said = [(visitor, visitor.say("entry.post", client_id="v2", body="at once")) for visitor in visitors]
    assert all([(await visitor.answer_to(said_id))["type"] == "ok" for visitor, said_id in said])
    assert sum(sizes) == 10
    assert len(sizes) < 10


async def test_a_slow_reader_is_cut_off_and_slows_nobody(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "OUTBOX_FRAMES", 30)
    vera = await sockets.visitor()
    started = await begun(vera)
    slow = await sockets.visitor(token=started["token"])
    slow.stalled = asyncio.Event()
    for n in range(10):
        assert (await vera.command("entry.post", client_id=f"v{n + 2}", body=f"{n}"))["type"] == "ok"
    room = next(iter(hub.rooms.values()))
    for _ in range(40):
        room.tell('{"type":"heads","heads":{}}')
        await asyncio.sleep(0)
    slow.stalled.set()
    assert await slow.closed() == Close.TOO_SLOW
    assert vera.close_code is None
    back = await sockets.visitor(token=started["token"], after=0)
    assert [seq for seq, _ in back.entries] == list(range(1, len(back.entries) + 1))


async def test_good_bye_before_a_restart(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    await hub.shutdown()
    for client in (alice, vera):
        bye = await client.event("bye")
        assert bye["code"] == Close.RESTART
        assert 0 <= bye["after_ms"] <= 5000
        assert await client.closed() == Close.RESTART
