"""What starts and ends with the server, whichever server it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from chatdesk import embedded
from chatdesk.actions.writer import close_writer_connection
from chatdesk.dbthreads import close_connections
from chatdesk.realtime import hub
from chatdesk.serving.companions import Door, start_all

logger = logging.getLogger("chatdesk.serving")

FAREWELL_SECONDS = 10
# One frame more than the protocol allows must still arrive, so that the answer can say so; the rest is cut off.
FRAME_BYTES = 2 * 1024 * 1024
PING_SECONDS = 20


@dataclass(frozen=True)
class Listening:
    host: str
    port: int
    announce: Callable[[Sequence[Door]], None]  # called once, when connections are accepted


def begin(listening: Listening) -> None:
    """On the server's own loop, once it listens: start the embedded jobs and say so."""
    if settings.PRODUCTION:
        listening.announce([])
        return
    loop = asyncio.get_running_loop()
    embedded.start(loop)
    _beginning.add(loop.create_task(_accompanied(listening)))


_beginning: set[asyncio.Task[None]] = set()  # the loop alone would not keep them


async def _accompanied(listening: Listening) -> None:
    listening.announce(await start_all(listening.host))


async def farewell() -> None:
    """Tell every socket `bye` before the server closes it; after ten seconds it closes all the same.

    Then the connections to the database are given back, so that it does not have to find them broken.
    """
    try:
        await asyncio.wait_for(hub.shutdown(), FAREWELL_SECONDS)
    except Exception:
        logger.exception("Some sockets were closed without a bye")
    try:
        await asyncio.wait_for(_give_back(), FAREWELL_SECONDS)
    except Exception:
        logger.exception("Some database connections were left to break")


async def _give_back() -> None:
    await close_writer_connection()
    await close_connections()
