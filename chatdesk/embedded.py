"""The periodic jobs on the web process's own event loop: the same tasks that Celery runs in production."""

from __future__ import annotations

import asyncio
import logging

from django.utils.module_loading import import_string

from chatdesk.dbthreads import in_thread
from chatdesk.schedule import SECONDS
from routing.actions.presence import welcome_back

log = logging.getLogger(__name__)


def start(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[None]]:
    """Run every job of the schedule on `loop` until cancelled."""
    jobs = [loop.create_task(_every(seconds, name)) for name, seconds in SECONDS.items()]
    return [loop.create_task(_welcome_back()), *jobs]


async def _welcome_back() -> None:
    """After a restart nobody counts as gone before they had the time to come back."""
    await in_thread(welcome_back)


async def _every(seconds: float, name: str) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await in_thread(import_string(name))
        except Exception:
            log.exception("The job %s failed; it will be tried again.", name)
