"""Asking an ASGI application as a server does: the body in pieces, the answer in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.core.asgi import get_asgi_application

from chatdesk.bodylimit import Application


def pages() -> Application:
    """The product's pages, as a server runs them."""
    return get_asgi_application()


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    asked: int = 0  # pieces of the request's body that the application took

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


async def ask(
    application: Application,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: Iterable[bytes] = (),
) -> Answer:
    """The whole answer. The body goes piece by piece, each only when the application asks for it."""
    answer, coming = Answer(), chain(body, [b""])
    told = {"host": "127.0.0.1:8000", **(headers or {})}
    raw = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw, "scheme": "http"}

    async def receive() -> dict[str, Any]:
        piece = next(coming, None)
        if piece is None:
            await asyncio.Event().wait()  # the client stays until it is answered
        answer.asked += 1
        return {"type": "http.request", "body": piece, "more_body": piece != b""}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        elif message.get("body"):
            answer.pieces.append(message["body"])

    async with asyncio.timeout(20):
        await application(scope, receive, send)
    return answer
