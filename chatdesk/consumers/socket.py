"""One websocket: parse a frame, call one action, answer; and an outbox that never lets a slow reader slow another."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from django.db import DatabaseError
from django.utils.translation import activate
from django.utils.translation import gettext as _

from chatdesk import metrics
from chatdesk.buckets import Bucket
from chatdesk.consumers.congestion import watch
from chatdesk.consumers.parsing import BadFrame, id_of, parse
from chatdesk.language import language_asked_for
from chatdesk.origins import same_origin
from chatdesk.pace import too_many
from chatdesk.protocol import MAX_FRAME_BYTES, Bye, Close, Code, Command, Refused, error_frame, frame, ok_frame
from chatdesk.realtime import hub

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = Mapping[str, Any]

OUTBOX_FRAMES = 1000  # a page of history fits
OUTBOX_CHARS = 4_000_000
HELLO_WITHIN = 10.0  # seconds
SLOW_AFTER = 10.0
BAD_FRAMES = 20  # then the socket is closed
RECONNECT_WITHIN_MS = 5000

log = logging.getLogger(__name__)


class Closed(Exception):
    """The socket is being closed; nothing more is read from it."""


class Socket:
    """The part of a connection that visitors and operators share. One instance a connection."""

    decoder: ClassVar[Any]
    frames_burst: ClassVar[float] = 60
    frames_per_minute: ClassVar[float] = 600

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self._send = send
        self._outbox: deque[str] = deque()
        self._outbox_chars = 0
        self._flushing: asyncio.Task[None] | None = None
        self._closing: Close | None = None
        self._gone = False
        self._frames = Bucket(self.frames_burst, self.frames_per_minute)
        self._over_limit = 0
        self._bad_frames = 0
        self._listening = False
        self.greeted = False

    @classmethod
    def as_asgi(cls) -> Any:
        """An ASGI application, for URL patterns (whose type knows views alone)."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await cls(scope, send).run(receive)

        return application

    # --- what a kind of socket says ---

    async def connected(self) -> None:
        """Accepted: whoever may not be here raises Refused or closes."""

    async def disconnected(self) -> None:
        """Gone: leave rooms, drop what was only in memory."""

    async def start_over(self) -> None:
        """A hello failed halfway: it can be said again, as if it had never been."""
        await self.disconnected()
        self.greeted = False

    async def handle(self, command: Any) -> Answer:
        """Carry a command out and answer it, or raise Refused."""
        raise NotImplementedError

    # --- reading ---

    async def run(self, receive: Receive) -> None:
        await receive()  # websocket.connect
        if not same_origin(self.scope):
            await self._send({"type": "websocket.close", "code": Close.FORBIDDEN})
            return
        hub.ensure_started()  # before the language, which is for this connection's own task
        activate(language_asked_for(self.scope))
        await self._send({"type": "websocket.accept"})
        self._congestion = watch(self._send)
        self._await_hello()
        try:
            await self.connected()
            await self._listen(receive)
        except Closed:
            await self._say_goodbye()
        finally:
            self._hello_timer.cancel()
            self._gone = True
            self._outbox.clear()
            await self.disconnected()

    async def _listen(self, receive: Receive) -> None:
        while True:
            self._listening = True
            message = await receive()
            self._listening = False
            if message["type"] != "websocket.receive":
                return
            if self._closing is not None:
                raise Closed
            if self._frames.take():
                self._over_limit = max(0, self._over_limit - 1)
                await self._answer(message)
            else:
                self._refuse_too_many(message.get("text"))

    def _refuse_too_many(self, text: str | None) -> None:
        self._over_limit += 1
        self.push(error_frame(id_of(text), too_many()))
        if self._over_limit > self.frames_burst:
            self.close(Close.TOO_MANY)
            raise Closed

    async def _answer(self, message: dict[str, Any]) -> None:
        command_id: str | None = None
        greeted = self.greeted
        try:
            command = self._parsed(message.get("text"))
            command_id = command.id
            self.push(ok_frame(command.id, await self.handle(command)))
        except BadFrame as bad:
            self._refuse_bad(bad)
        except Refused as refused:
            metrics.REFUSED.labels(refused.code.value).inc()
            self.push(error_frame(command_id, refused))
        except DatabaseError:
            log.exception("A command failed in the database.")
            if not greeted:
                await self.start_over()
            self.push(error_frame(command_id, Refused(Code.BUSY, _("Please try again in a moment."), retry=True)))

    def _parsed(self, text: str | None) -> Command:
        if text is not None and len(text) > MAX_FRAME_BYTES:
            self.push(error_frame(None, Refused(Code.TOO_LARGE, _("This frame is too large."))))
            self.close(Close.TOO_LARGE)
            raise Closed
        return parse(self.decoder, text)

    def _refuse_bad(self, bad: BadFrame) -> None:
        metrics.REFUSED.labels(bad.code.value).inc()
        self.push(error_frame(bad.command_id, bad))
        self._bad_frames += 1
        if self._bad_frames > BAD_FRAMES:
            self.close(Close.BAD_FRAMES)
            raise Closed

    def _await_hello(self) -> None:
        self._hello_timer = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._hello_is_late)

    def _hello_is_late(self) -> None:
        if self._listening and not self.greeted:
            self.close(Close.NOT_SIGNED_IN)
        elif not self.greeted:  # the desk itself is late: it still looks who they are
            self._await_hello()

    # --- writing ---

    def push(self, text: str) -> None:
        """Queue a frame. A reader who lets too many wait is cut off, and resumes."""
        if self._gone or self._closing is not None:
            return
        self._outbox.append(text)
        self._outbox_chars += len(text)
        if len(self._outbox) > OUTBOX_FRAMES or self._outbox_chars > OUTBOX_CHARS:
            self._cut(Close.TOO_SLOW)
        elif self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        try:
            while self._outbox and not self._gone:
                if not self._congestion.is_clear:
                    await asyncio.wait_for(self._congestion.clear(), SLOW_AFTER)
                text = self._outbox.popleft()
                self._outbox_chars -= len(text)
                await self._send({"type": "websocket.send", "text": text})
            if self._closing is not None and not self._gone:
                await self._finish(self._closing)
        except TimeoutError:
            self._cut(Close.TOO_SLOW)
        except Exception:
            self._gone = True

    def close(self, code: Close) -> None:
        """Say good-bye and close, after what is already queued."""
        if self._closing is None and not self._gone:
            after = random.randrange(RECONNECT_WITHIN_MS) if code == Close.RESTART else 0
            self.push(frame(Bye(code=code, after_ms=after)))
            self._closing = code

    def drop_unsent(self) -> None:
        """What waits to be sent is no longer for this reader."""
        self._outbox.clear()
        self._outbox_chars = 0

    def _cut(self, code: Close) -> None:
        self.drop_unsent()
        self._closing = code
        self._flushing = asyncio.get_running_loop().create_task(self._finish(code))

    async def _say_goodbye(self) -> None:
        """Let the last frames and the close code go out before the connection is dropped."""
        if self._flushing is not None:
            await asyncio.wait({self._flushing}, timeout=SLOW_AFTER)

    async def _finish(self, code: Close) -> None:
        if self._gone:
            return
        self._gone = True
        metrics.CLOSED.labels(str(int(code))).inc()
        try:
            await self._send({"type": "websocket.close", "code": int(code)})
        except Exception:
            log.debug("The other end had gone before it was closed.")
        self._congestion.abort_if_stuck()


def reserved() -> Refused:
    return Refused(Code.RESERVED, _("This command is reserved; this desk does not do it yet."))
