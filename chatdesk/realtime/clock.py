"""What a web process does by the clock for the sockets it holds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from chatdesk.actions.visitors import mark_seen
from chatdesk.dbthreads import in_thread
from chatdesk.protocol import Heads, frame
from chatdesk.sitelimits import forget, site_settings
from routing.actions.presence import renew

if TYPE_CHECKING:
    from chatdesk.realtime.hub import Hub

MARKS_EVERY = 0.25  # seconds, all of these
STORE_MARKS_EVERY = 1.0
POLL_WITHOUT_BUS_EVERY = 2.0
CHECK_ACCESS_EVERY = 3.0
LIMITS_EVERY = 5.0
RENEW_EVERY = 15.0
SEEN_EVERY = 60.0
HEADS_EVERY = 25.0
MINUTE = 60.0
AFTER_THE_TURN = 0.5  # hours begin and end on a minute: looked at once it has begun by every clock

log = logging.getLogger(__name__)


class Clock:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._bus_was_healthy = True

    def start(self) -> list[asyncio.Task[None]]:
        loop = asyncio.get_running_loop()
        beats: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (MARKS_EVERY, self._beat_marks),
            (STORE_MARKS_EVERY, self._hub.marks.flush),
            (POLL_WITHOUT_BUS_EVERY, self._poll_without_bus),
            (LIMITS_EVERY, self._refresh_limits),
            (RENEW_EVERY, self._renew_leases),
            (SEEN_EVERY, self._mark_seen),
            (HEADS_EVERY, self._send_heads),
        ]
        return [loop.create_task(self._every(*beat)) for beat in beats] + [
            loop.create_task(self._guard()),
            loop.create_task(self._watch_hours()),
        ]

    async def _every(self, seconds: float, beat: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await beat()
            except Exception:
                log.exception("A beat of the clock failed; it will be tried again.")

    async def _beat_marks(self) -> None:
        self._hub.marks.beat()

    async def _poll_without_bus(self) -> None:
        """Look for what hints did not tell; once more after the bus is back, for those said before all could hear."""
        healthy, before = self._hub.bus.healthy, self._bus_was_healthy
        self._bus_was_healthy = healthy
        self._hub.bus.probe()
        if self._hub.rooms and not (healthy and before):
            await self._hub.reader.compare_heads()
            await self._hub.notes.compare()
            self._hub.refresher.want_everything()

    async def _refresh_limits(self) -> None:
        forget()
        await in_thread(site_settings)

    async def _renew_leases(self) -> None:
        if self._hub.operators:
            await in_thread(renew, list(self._hub.operators))

    async def _mark_seen(self) -> None:
        """Who waits with the page open is there."""
        waiting = [room.conversation_id for room in self._hub.rooms.values() if room.waiting and room.has("visitor")]
        if waiting:
            await in_thread(mark_seen, waiting)

    async def _send_heads(self) -> None:
        """The heartbeat: what every socket should have seen. It closes the last hole, a lost last message."""
        heads = await self._hub.reader.compare_heads()
        await self._hub.notes.compare()
        known: dict[object, dict[str, int]] = {listener: {} for listener in self._hub.everyone()}
        for room in self._hub.rooms.values():
            for member in room.members:
                known.setdefault(member.listener, {})[room.ref] = heads.get(room.conversation_id, room.head)
        for listener in self._hub.everyone():
            listener.push(frame(Heads(heads=known[listener])))

    async def _watch_hours(self) -> None:
        """At the turn of each minute hours may open or close, and nobody says so: whoever is shown a state is told."""
        while True:
            await asyncio.sleep(MINUTE - (time.time() - AFTER_THE_TURN) % MINUTE)
            if self._hub.visitors or self._hub.operators:
                self._hub.refresher.want_turn()

    async def _guard(self) -> None:
        """Close the sockets of people who signed out, were switched off, or may no longer work here."""
        while True:
            await self._hub.guard.watch(CHECK_ACCESS_EVERY)
