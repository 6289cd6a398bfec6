"""The listener as part of a process: beside the embedded server, or alone."""

from __future__ import annotations

import asyncio

from django.conf import settings
from django.utils.translation import gettext as _

from chatdesk.serving.companions import Door
from tickets.actions.processing import process
from tickets.listener import Desk, listen

_open: set[asyncio.Server] = set()  # the loop alone would not keep them


def desk() -> Desk:
    """In the one process mails are worked off as soon as they are kept; else that is a worker's, who looks often."""
    return Desk(process=None if settings.PRODUCTION else process, behind=frozenset(settings.MAIL_BEHIND))


async def open_beside(host: str) -> Door:
    """Listen on the embedded server's loop. Raises OSError."""
    server = await listen(host, settings.MAIL_PORT, desk())
    _open.add(server)
    return _("Mail in"), address_of(server)


def address_of(server: asyncio.Server) -> str:
    host, port = server.sockets[0].getsockname()[:2]
    return f"smtp://{f'[{host}]' if ':' in host else host}:{port}"
