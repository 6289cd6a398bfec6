"""What an app further right lets run beside the embedded server, on its loop: chatdesk never imports them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger("chatdesk.serving")

Door = tuple[str, str]  # what it is for, and where it is, as the console says it
Start = Callable[[str], Awaitable[Door]]  # told the host that the server listens on

_starts: list[Start] = []


def accompany(start: Start) -> None:
    """Call `start` whenever the embedded desk begins to serve."""
    if start not in _starts:
        _starts.append(start)


async def start_all(host: str) -> list[Door]:
    """The doors of those that could start; one that can't is told, and the desk serves without it."""
    doors = []
    for start in _starts:
        try:
            doors.append(await start(host))
        except OSError as trouble:
            logger.warning("%s could not start: %s", start.__module__, trouble.strerror or trouble)
    return doors
