"""A visitor as a program, on the real socket."""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack, suppress
from itertools import count
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

PATIENCE = 10.0  # seconds

Frame = dict[str, Any]


class VisitorLine:
    """Has said hello and its first message. `ref` is the conversation; every frame heard is kept."""

    def __init__(self, url: str, button: str, body: str, **fields: str) -> None:
        self.frames: list[Frame] = []
        self._numbers = count(1)
        self._line = ExitStack()
        self._socket: ClientConnection = self._line.enter_context(
            connect(f"{url.replace('http', 'ws', 1)}/ws/visitor/", origin=Origin(url))
        )
        self.send("hello", v=1, button=button)
        started = self.send("conversation.start", client_id=secrets.token_hex(16), body=body, fields=fields)
        self.ref: str = started["conversation"]

    def send(self, kind: str, **fields: Any) -> Frame:
        """Send a command; returns its ok, and fails on anything else."""
        command_id = str(next(self._numbers))
        self._socket.send(json.dumps({"type": kind, "id": command_id, **fields}))
        answer = self._next(lambda frame: frame.get("id") == command_id)
        assert answer["type"] == "ok", answer
        return answer

    def says(self, body: str) -> int:
        return int(self.send("entry.post", client_id=secrets.token_hex(16), body=body)["seq"])

    def types(self, text: str) -> None:
        self.send("typing", text=text)

    def hears(self, event: str, /, **facts: Any) -> Frame:
        """The first event with these facts, heard already or waited for."""

        def fits(frame: Frame) -> bool:
            return frame["type"] == event and all(frame.get(name) == value for name, value in facts.items())

        return next(filter(fits, self.frames), None) or self._next(fits)

    def bodies(self) -> list[str]:
        """What was said, as heard so far."""
        return [
            frame["body"] for frame in self.frames if frame["type"] == "entry.posted" and frame["kind"] == "message"
        ]

    def _next(self, fits: Any) -> Frame:
        while True:
            frame: Frame = json.loads(self._socket.recv(timeout=PATIENCE))
            self.frames.append(frame)
            if fits(frame):
                return frame

    def leave(self) -> None:
        """End the conversation, unless it has ended or the line died with its server, and go."""
        with suppress(ConnectionClosed):
            self._socket.send(json.dumps({"type": "conversation.close", "id": "bye"}))
            self._next(lambda frame: frame.get("id") == "bye")
        self.drop()

    def drop(self) -> None:
        self._line.close()
