"""Request bodies are held to a limit before Django reads them: by what they declare, and by what really comes.

Django's own limit spares file parts, and under ASGI the whole body is on disk before a view sees it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.photos import MAX_BYTES as PHOTO_BYTES
from chatdesk.dbthreads import in_thread
from chatdesk.protocol import Code
from chatdesk.sitelimits import site_settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

FILES = re.compile(r"/(chat/([-\w]+/)?(files/)?|desk/conversations/[^/]+/files/|return/conversations/[^/]+/)")
PHOTO = "/accounts/profile/photo/"
HANDED_ON = "/mail/webhooks/"  # whole mails, by providers; base64 makes them a third larger
MAIL_BYTES = 60_000_000
FORM_AROUND = 64 * 1024  # bytes of a multipart form besides the file
VERIFY = "/verify/"
COPY_BYTES = 2_500_000  # of a visitor's own copy; more would be put on disk
MEGABYTE = 1_000_000
READ_AWAY = 50 * MEGABYTE  # of what is refused
READ_AWAY_SECONDS = 10


class BodyLimit:
    """ASGI middleware: answers 413 with a code and a reason, and lets nothing longer through to the application."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = await limit_for(scope["path"])
        declared = declared_length(scope)
        if declared > limit:
            await refuse(receive if declared <= READ_AWAY else None, send, limit)
            return
        counted = Counted(receive, send, limit)
        await self.application(scope, counted.receive, counted.send)
        if counted.left < 0:
            await refuse(receive, send, limit)


class Counted:
    """One request's two ends. At the first byte too many the client seems gone, so that Django lets go of the rest."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self.left = receive, send, limit

    async def receive(self) -> Message:
        message = await self._receive() if self.left >= 0 else {"type": "http.disconnect"}
        self.left -= len(message.get("body", b""))
        return message if self.left >= 0 else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.left >= 0:
            await self._send(message)


async def limit_for(path: str) -> int:
    """Bytes that a request to this path may bring."""
    if FILES.fullmatch(path):
        current = await in_thread(site_settings)
        return current.file_limit_mb * MEGABYTE + FORM_AROUND
    if path.startswith(HANDED_ON):
        return MAIL_BYTES
    if path == VERIFY:
        return COPY_BYTES + FORM_AROUND
    return PHOTO_BYTES + FORM_AROUND if path == PHOTO else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def declared_length(scope: Scope) -> int:
    """What Content-Length says; 0 where it says nothing that can be read, since the count decides anyway."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(length) for length in lengths if length.isdigit()), default=0)


async def refuse(receive: Receive | None, send: Send, limit: int) -> None:
    """Answer 413. A client that still sends would see its line break and no reason, so a little more is read first."""
    if receive is not None:
        await _read_away(receive)
    detail = _("At most %(n)s MB can be sent here.") % {"n": max(1, limit // MEGABYTE)}
    body = json.dumps({"code": Code.FILE_TOO_LARGE, "detail": detail, "retry": False}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),  # what is still coming is not read
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _read_away(receive: Receive) -> None:
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(READ_AWAY_SECONDS):
            while taken < READ_AWAY:
                message = await receive()
                taken += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
