"""Whether a connection's reader keeps up.

Uvicorn's `send` waits while the transport is full. Daphne's never does: Twisted keeps what can't be sent in memory
without a bound, so its transport is asked to say when it is full, by the interface made for that (IPushProducer).
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Congestion(Protocol):
    @property
    def is_clear(self) -> bool: ...

    async def clear(self) -> None:
        """Returns when more may be sent."""

    def abort_if_stuck(self) -> None:
        """Drop a connection whose reader does not even take the closing frame."""


class Awaited:
    """A server whose `send` waits by itself."""

    is_clear = True

    async def clear(self) -> None:
        return

    def abort_if_stuck(self) -> None:
        return


class TwistedProducer:
    """Hears from a Twisted transport when its buffer is full and when it has drained."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        self._open.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self._open.set()

    def stopProducing(self) -> None:  # noqa: N802
        self._open.set()

    @property
    def is_clear(self) -> bool:
        return self._open.is_set()

    async def clear(self) -> None:
        await self._open.wait()

    def abort_if_stuck(self) -> None:
        if not self._open.is_set():
            self._transport.abortConnection()


def watch(send: Send) -> Congestion:
    """The congestion of the connection behind an ASGI `send`."""
    protocol = send.args[0] if isinstance(send, functools.partial) and send.args else None
    transport = getattr(protocol, "transport", None)
    if transport is None or not hasattr(transport, "registerProducer"):
        return Awaited()
    producer = TwistedProducer(transport)
    transport.unregisterProducer()
    transport.registerProducer(producer, True)
    return producer
