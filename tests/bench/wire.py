"""A lean websocket client (RFC 6455) on asyncio: text frames, pings answered, nothing else.

Lean because the load generator shares two cores with what it measures; it costs a fraction of what a full
client library costs for each frame. Only for talking to our own servers on loopback.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
Heard = Callable[[bytes], None]


class Refused(ConnectionError):
    """The server did not switch to the websocket protocol; the words are its first line."""


class Socket(asyncio.Protocol):
    """One connection. `on_text` is called with the payload of each text frame; `closed` with the close code."""

    def __init__(self, request: bytes) -> None:
        self.on_text: Heard = lambda payload: None
        self.close_code: int | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = request
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        self.close_code = self.close_code or 1006
        if not self.opened.done():
            self.opened.set_exception(Refused("the connection was lost"))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self.opened.done() and not self._handshake():
            return
        self._frames()

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send one masked frame of at most 65,535 bytes."""
        size, mask = len(payload), b"\x5a\xa5\x3c\xc3"
        head = (
            bytes((0x80 | opcode, 0x80 | size)) if size < 126 else bytes((0x80 | opcode, 0xFE, size >> 8, size & 255))
        )
        whole = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(size, "big")
        self._transport.write(head + mask + masked)

    def close(self) -> None:
        self.send((1000).to_bytes(2, "big"), CLOSE)
        self._transport.close()

    def _handshake(self) -> bool:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return False
        self._buffer = rest
        if b" 101 " not in head[:40]:
            self.opened.set_exception(Refused(head.split(b"\r\n")[0].decode(errors="replace")))
            return False
        self.opened.set_result(None)
        return True

    def _frames(self) -> None:
        data, at = self._buffer, 0
        while (bounds := _bounds(data, at)) is not None:
            start, end = bounds
            self._frame(data[at] & 0xF, data[start:end])
            at = end
        self._buffer = data[at:]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.on_text(payload)
        elif opcode == PING:
            self.send(payload, PONG)
        elif opcode == CLOSE:
            self.close_code = int.from_bytes(payload[:2], "big") or 1005
            self._transport.close()


def _bounds(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `at` starts and ends; None when it is not all there. Servers never mask."""
    if len(data) < at + 2:
        return None
    size, start = data[at + 1] & 0x7F, at + 2
    if size >= 126:
        width = 2 if size == 126 else 8
        start += width
        size = int.from_bytes(data[at + 2 : start], "big")
    return (start, start + size) if len(data) >= start + size else None


async def connect(url: str, headers: dict[str, str] | None = None) -> Socket:
    """Open `url` (ws://host:port/path) with the right Origin; raises Refused or OSError."""
    parts = urlsplit(url)
    lines = {
        "Host": parts.netloc,
        "Origin": f"http://{parts.netloc}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    request = f"GET {parts.path} HTTP/1.1\r\n{head}\r\n".encode()
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: Socket(request), parts.hostname or "", parts.port or 80)
    await asyncio.wait_for(socket.opened, 20)
    return socket
