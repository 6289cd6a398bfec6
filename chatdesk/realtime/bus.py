"""Hints between processes, over the channel layer: one group for the desk, one publish for all that is pending.

Nothing here raises to a caller: while the bus is away, processes look into the database instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

GROUP = "desk"
SEND_TIMEOUT = 1.0  # seconds

log = logging.getLogger(__name__)


async def send_from_thread(notices: list[Any]) -> None:
    """One publish from a process without a hub, such as a worker or a command. A bus that is away is logged."""
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            await layer.group_send(GROUP, {"type": "notices", "origin": "", "notices": notices})
    except (OSError, TimeoutError):
        log.warning("The bus is away; the web processes will find the change by themselves.")


class Bus:
    """Sends this process's notices and hears the others'.

    `healthy` is false from the first sign that words are lost, either way, until this process hears something it said
    later: the layer mends a broken subscription in silence, a second or more after publishing works again, and a word
    said before the loss may still arrive after it.
    """

    def __init__(self, hear: Callable[[Any], None]) -> None:
        self.healthy = True
        self._hear = hear
        self._origin = secrets.token_hex(8)
        self._layer = get_channel_layer()
        self._pending: list[Any] = []
        self._sending: asyncio.Task[None] | None = None
        self._probing = False
        self._said = 0
        self._lost = 0

    def probe(self) -> None:
        """Say a word to be heard by this process itself, and count the last one's absence as a failure."""
        if self._probing:
            self._failed("silence")
        self._probing = True
        self.send(["probe"])

    def send(self, notice: Any) -> None:
        self._pending.append(notice)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        while self._pending:
            notices, self._pending = self._pending, []
            await self._publish(notices)

    async def _publish(self, notices: list[Any]) -> None:
        self._said += 1
        message = {"type": "notices", "origin": self._origin, "serial": self._said, "notices": notices}
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await self._layer.group_send(GROUP, message)
        except Exception as error:
            self._failed(type(error).__name__)

    def _failed(self, reason: str) -> None:
        if self.healthy:
            log.warning("The bus is away (%s); looking into the database every two seconds.", reason)
        self.healthy = False
        self._lost = self._said

    def _heard_itself(self, serial: int) -> None:
        if serial <= self._lost:
            return
        if not self.healthy:
            log.warning("The bus is back.")
        self.healthy = True
        self._probing = False

    async def listen(self) -> None:
        """Hear the other processes until cancelled."""
        while True:
            try:
                await self._hear_all()
            except Exception as error:
                self._failed(type(error).__name__)
                await asyncio.sleep(1)

    async def _hear_all(self) -> None:
        channel = await self._layer.new_channel()
        await self._layer.group_add(GROUP, channel)
        try:
            while True:
                message = await self._layer.receive(channel)
                if message["origin"] == self._origin:
                    self._heard_itself(message["serial"])
                    continue
                for notice in message["notices"]:
                    self._hear(notice)
        finally:
            with contextlib.suppress(Exception):
                await self._layer.group_discard(GROUP, channel)
