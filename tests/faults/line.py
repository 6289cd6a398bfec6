"""A socket to the desk on asyncio: commands wait for their answer, events go to a listener."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from itertools import count
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

Frame = dict[str, Any]
Hear = Callable[[Frame], None]
ANSWER_WITHIN = 8.0  # seconds; then the line counts as dead, as in the product's own client


class LineLost(Exception):
    """The line broke, or was silent for too long: whether a command was carried out is unknown."""


class AsyncLine:
    def __init__(
        self,
        url: str,
        path: str,
        cookie: str = "",
        hear: Hear = lambda _frame: None,
        *,
        patience: float = ANSWER_WITHIN,
    ) -> None:
        self.patience = patience  # seconds
        self._address = re.sub("^http", "ws", url) + path
        self._options: dict[str, Any] = {
            "origin": Origin(url),
            "additional_headers": {"Cookie": cookie} if cookie else {},
            "compression": None,
            "proxy": None,
            "open_timeout": patience,
            "close_timeout": 1,
            "ping_interval": None,
        }
        self._hear = hear
        self._ids = count(1)
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self.lost = asyncio.Event()
        self._socket: ClientConnection
        self._listening: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        try:
            self._socket = await connect(self._address, **self._options)
        except (OSError, TimeoutError, WebSocketException) as error:
            raise LineLost from error
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        self._socket.transport.abort()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            async for text in self._socket:
                frame = json.loads(text)
                waiting = self._waiting.pop(frame.get("id") or "", None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
                self._hear(frame)
        except WebSocketException:
            pass
        finally:
            self.lost.set()
            for future in self._waiting.values():
                future.cancel()

    async def command(self, kind: str, **fields: Any) -> Frame:
        """Its one answer, `ok` or `error`. Raises LineLost."""
        number = str(next(self._ids))
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._socket.send(json.dumps({"type": kind, "id": number, **fields}))
            if self.lost.is_set():
                raise LineLost
            done, _ = await asyncio.wait({answer}, timeout=self.patience)
        except WebSocketException as error:
            raise LineLost from error
        finally:
            self._waiting.pop(number, None)
        if not done or answer.cancelled():
            raise LineLost
        return answer.result()
