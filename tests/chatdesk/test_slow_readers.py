"""A reader that does not keep up is noticed by what its server can tell, and by nothing that costs the others."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest

from chatdesk.consumers.congestion import Awaited, TwistedProducer, watch

pytestmark = pytest.mark.once


class Transport:
    """What of Twisted's transport is used: one producer at a time, as IConsumer says."""

    def __init__(self) -> None:
        self.producer: Any = "the server's own"
        self.streaming: bool | None = None
        self.aborted = 0

    def registerProducer(self, producer: Any, streaming: bool) -> None:  # noqa: N802 - Twisted's name
        assert self.producer is None, "a transport refuses a second producer"
        self.producer, self.streaming = producer, streaming

    def unregisterProducer(self) -> None:  # noqa: N802
        self.producer = None

    def abortConnection(self) -> None:  # noqa: N802
        self.aborted += 1


class Protocol:
    def __init__(self, transport: object) -> None:
        self.transport = transport

    async def handle(self, message: dict[str, Any]) -> None:
        raise AssertionError("nothing is sent to look")


async def send(protocol: object, message: dict[str, Any]) -> None:
    raise AssertionError("nothing is sent to look")


def watched() -> tuple[Transport, TwistedProducer]:
    transport = Transport()
    found = watch(functools.partial(send, Protocol(transport)))
    assert isinstance(found, TwistedProducer)
    return transport, found


def test_a_twisted_transport_tells_its_own_state() -> None:
    transport, producer = watched()
    assert transport.producer is producer
    assert transport.streaming is True
    assert producer.is_clear


OTHERS: dict[str, Any] = {
    "a plain function": send,
    "a bound method": Protocol(Transport()).handle,
    "a partial without arguments": functools.partial(send),
    "a protocol without a transport": functools.partial(send, object()),
    "a line that is lost already": functools.partial(send, Protocol(None)),
    "a transport of another making": functools.partial(send, Protocol(object())),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_other_servers_wait_by_themselves(name: str) -> None:
    found = watch(OTHERS[name])
    assert isinstance(found, Awaited)
    assert found.is_clear
    await asyncio.wait_for(found.clear(), 1)
    found.abort_if_stuck()


async def test_a_full_line_waits_until_it_has_drained() -> None:
    transport, producer = watched()
    transport.producer.pauseProducing()
    assert not producer.is_clear
    waiting = asyncio.create_task(producer.clear())
    await asyncio.sleep(0)
    assert not waiting.done()
    transport.producer.resumeProducing()
    await asyncio.wait_for(waiting, 1)
    assert producer.is_clear


async def test_a_line_that_ended_holds_nobody() -> None:
    transport, producer = watched()
    transport.producer.pauseProducing()
    waiting = [asyncio.create_task(producer.clear()) for _ in range(3)]
    await asyncio.sleep(0)
    transport.producer.stopProducing()
    await asyncio.wait_for(asyncio.gather(*waiting), 1)


def test_only_a_stuck_line_is_dropped() -> None:
    transport, producer = watched()
    producer.abort_if_stuck()
    assert transport.aborted == 0
    producer.pauseProducing()
    producer.abort_if_stuck()
    assert transport.aborted == 1
    producer.resumeProducing()
    producer.abort_if_stuck()
    assert transport.aborted == 1


def test_pausing_twice_is_pausing_once() -> None:
    _transport, producer = watched()
    for _ in range(2):
        producer.pauseProducing()
    producer.resumeProducing()
    assert producer.is_clear
