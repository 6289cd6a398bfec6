"""Socket clients in the test's own process: they speak ASGI to the product and keep every frame they hear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from django.conf import settings
from django.test import Client

from accounts.models import User
from chatdesk.actions.writer import close_writer_connection
from chatdesk.dbthreads import close_connections
from chatdesk.pace import operator_posts, starts, visitor_posts
from chatdesk.realtime import hub
from chatdesk.sitelimits import forget
from chatdesk.sockets import urlpatterns

Frame = dict[str, Any]
ORIGIN = "http://127.0.0.1:8000"
ADDRESS = "192.0.2.40"  # where the people at these sockets are
PATIENCE = 5.0  # seconds

application = URLRouter(urlpatterns)


class HandshakeRefused(Exception):
    """The server closed before it accepted."""


@dataclass
class SocketClient:
    path: str
    headers: list[tuple[bytes, bytes]]
    frames: list[Frame] = field(default_factory=list)
    close_code: int | None = None
    _to_server: asyncio.Queue[Frame] = field(default_factory=asyncio.Queue)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: Any = field(default_factory=lambda: count(1))
    _task: asyncio.Task[None] | None = None
    accepted: bool = False
    address: str = ADDRESS
    stalled: asyncio.Event | None = None  # while set up and not set, the server's sends wait: a slow reader

    async def connect(self) -> SocketClient:
        scope = {
            "type": "websocket",
            "path": self.path,
            "headers": self.headers,
            "query_string": b"",
            "client": [self.address, 50_000],
            "subprotocols": [],
        }
        self._task = asyncio.create_task(application(scope, self._to_server.get, self._from_server))
        self._to_server.put_nowait({"type": "websocket.connect"})
        await self.until(lambda: self.accepted or self.close_code is not None)
        if not self.accepted:
            raise HandshakeRefused(self.close_code)
        return self

    async def _from_server(self, message: Frame) -> None:
        if self.stalled is not None:
            await self.stalled.wait()
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.close":
            self.close_code = message.get("code", 1000)
        else:
            self.frames.append(json.loads(message["text"]))
        self._changed.set()

    async def until(self, true: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until a condition on what was heard holds."""
        async with asyncio.timeout(patience):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    def say_raw(self, text: str | None = None, data: bytes | None = None) -> None:
        message: Frame = {"type": "websocket.receive"}
        self._to_server.put_nowait(message | ({"bytes": data} if data is not None else {"text": text}))

    def say(self, kind: str, **fields: Any) -> str:
        """Send a command and don't wait for its answer; returns its id."""
        command_id = str(next(self._ids))
        self.say_raw(json.dumps({"type": kind, "id": command_id, **fields}))
        return command_id

    async def command(self, kind: str, **fields: Any) -> Frame:
        """Send a command and wait for its one answer."""
        return await self.answer_to(self.say(kind, **fields))

    async def answer_to(self, command_id: str | None) -> Frame:
        def found() -> list[Frame]:
            return [f for f in self.frames if f["type"] in ("ok", "error") and f["id"] == command_id]

        await self.until(found)
        return found()[0]

    def heard(self, event_type: str, /, **fields: Any) -> list[Frame]:
        """The events of a kind heard so far whose fields have these values."""
        return [f for f in self.frames if f["type"] == event_type and all(f.get(k) == v for k, v in fields.items())]

    async def event(self, event_type: str, /, **fields: Any) -> Frame:
        """The first such event, waited for."""
        await self.until(lambda: self.heard(event_type, **fields))
        return self.heard(event_type, **fields)[0]

    async def closed(self, patience: float = PATIENCE) -> int:
        await self.until(lambda: self.close_code is not None, patience)
        assert self.close_code is not None
        return self.close_code

    @property
    def entries(self) -> list[tuple[int, str]]:
        """What a reader has on the screen: (number, text), as heard."""
        return [(f["seq"], f["body"]) for f in self.heard("entry.posted")]

    async def vanish(self) -> None:
        """The line breaks."""
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1006})
        if self._task is not None:
            await asyncio.wait_for(self._task, PATIENCE)


class Sockets:
    """Opens sockets for the cast, and ends them all."""

    def __init__(self) -> None:
        self._open: list[SocketClient] = []

    async def open(
        self, path: str, cookie: str = "", origin: str | None = ORIGIN, address: str = ADDRESS
    ) -> SocketClient:
        headers = [(b"host", b"127.0.0.1:8000")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        client = SocketClient(path, headers, address=address)
        self._open.append(client)
        return await client.connect()

    async def visitor(self, button: str = "sales", **hello: Any) -> SocketClient:
        """A visitor who has said hello."""
        client = await self.open("/ws/visitor/")
        answer = await client.command("hello", v=1, button=button, **hello)
        assert answer["type"] == "ok", answer
        return client

    async def operator(self, user: User, cookie: str = "", address: str = ADDRESS) -> SocketClient:
        """An operator who has signed in (or is, by `cookie`) and said hello."""
        own = cookie or await sync_to_async(signed_in)(user)
        client = await self.open("/ws/desk/", cookie=own, address=address)
        answer = await client.command("hello", v=1)
        assert answer["type"] == "ok", answer
        return client

    async def end(self) -> None:
        for client in self._open:
            if client._task is not None and not client._task.done():
                await client.vanish()


def signed_in(user: User) -> str:
    """The cookie header of a browser in which this person is signed in."""
    browser = Client()
    browser.force_login(user, backend="accounts.backends.UserTypeBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


@asynccontextmanager
async def running_sockets() -> AsyncIterator[Sockets]:
    """The product's hub on this test's loop, and clients for it; everything is closed afterwards."""
    sockets = Sockets()
    forget()
    try:
        yield sockets
    finally:
        for paces in (starts, visitor_posts, operator_posts):
            paces.clear()
        await sockets.end()
        await hub.shutdown()
        await close_writer_connection()
        await close_connections()
        forget()
