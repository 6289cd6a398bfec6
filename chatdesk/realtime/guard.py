"""Looks after open sockets of the desk: who may no longer be here goes, and who soon may not is told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from typing import TYPE_CHECKING

from django.utils import timezone

from chatdesk.dbthreads import in_thread
from chatdesk.realtime.access import Ruling, rulings, show_out, tell_routing

if TYPE_CHECKING:
    from chatdesk.realtime.hub import DeskListener, Hub

SOONEST = 0.05  # seconds, so that an end that is due is not waited for in circles
TRUSTED_FOR = 5.0  # seconds, between two looks at the rules when a command comes

log = logging.getLogger(__name__)


class Guard:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._check = asyncio.Event()

    def check_soon(self) -> None:
        self._check.set()

    async def watch(self, seconds: float) -> None:
        """Wait so long at most, or until somebody's rights changed; then look."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._check.wait(), min(seconds, self._until_next_end()))
        self._check.clear()
        try:
            await self.look()
        except Exception:
            log.exception("The sign-ins could not be checked; they will be in a moment.")

    def _until_next_end(self) -> float:
        """Seconds to the end of the next log-in window of somebody here."""
        decisions = (listener.standing.decision for listener in self._hub.all_operators())
        ends = [decision.ends_at for decision in decisions if decision and decision.ends_at]
        return max(SOONEST, (min(ends) - timezone.now()).total_seconds()) if ends else math.inf

    async def look(self) -> None:
        """Ask the rules about everybody who holds a socket here."""
        listeners = self._hub.all_operators()
        if not listeners:
            return
        found = await in_thread(rulings, {listener.holder for listener in listeners})
        leaving = [listener for listener in listeners if found[listener.holder].close is not None]
        for listener in leaving:  # all of them, before anything is waited for
            self._close(listener, found[listener.holder])
        for holder in {listener.holder for listener in leaving}:
            await in_thread(show_out, holder, found[holder])
        for listener in listeners:
            if listener not in leaving:
                await abide(listener, found[listener.holder])

    def _close(self, listener: DeskListener, ruling: Ruling) -> None:
        if ruling.close is not None:
            listener.withdraw(ruling.close)


async def abide(listener: DeskListener, ruling: Ruling) -> None:
    """Take over what the rules say now into a socket that stays."""
    standing = listener.standing
    standing.asked_at = time.monotonic()
    decision, before = ruling.decision, standing.decision
    if before is None or decision is None or before.until != decision.until:
        await in_thread(tell_routing, listener.holder, decision)
    standing.decision = decision
    listener.tell_ending()
    if standing.rights != ruling.rights:
        known, standing.rights = standing.rights, ruling.rights
        if known is not None:
            await listener.review()
