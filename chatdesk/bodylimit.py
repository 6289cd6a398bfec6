"""Request bodies are held to a limit before Django reads them: by what they declare, and by what really comes.

Django's own limit spares file parts, and under ASGI the whole body is on disk before a view sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
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
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

FILES = re.compile(r"/(chat/([-\w]+/)?|desk/conversations/[^/]+/)files/")
PHOTO = "/accounts/profile/photo/"
FORM_AROUND = 64 * 1024  # bytes of a multipart form besides the file
MEGABYTE = 1_000_000


class TooLarge(Exception):
    """More came than the path takes."""


class BodyLimit:
    """ASGI middleware: answers 413 with a code and a reason, and lets nothing longer through to the application."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = await limit_for(scope["path"])
        if declared_length(scope) > limit:
            await refuse(send, limit)
            return
        await self._counted(scope, receive, send, limit)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        left = limit

        async def counting() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLarge
            return message

        try:
            await self.application(scope, counting, send)
        except TooLarge:
            await refuse(send, limit)


async def limit_for(path: str) -> int:
    """Bytes that a request to this path may bring."""
    if FILES.fullmatch(path):
        current = await in_thread(site_settings)
        return current.file_limit_mb * MEGABYTE + FORM_AROUND
    return PHOTO_BYTES + FORM_AROUND if path == PHOTO else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def declared_length(scope: Scope) -> int:
    """What Content-Length says; 0 where it says nothing that can be read, since the count decides anyway."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(length) for length in lengths if length.isdigit()), default=0)


async def refuse(send: Send, limit: int) -> None:
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
