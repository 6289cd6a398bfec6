"""Pairs on the desk itself, by the wire contract: a visitor's conversation, taken by an operator of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from tests.bench import wire
from tests.bench.pairs import Speaker, Tally, link
from tests.bench.plan import Plan

ANSWER_SECONDS = 30


class Frame(msgspec.Struct):
    """The fields of the server's frames that a pair needs; others are passed over."""

    type: str
    id: str = ""
    seq: int = 0
    conversation: Any = None
    kind: str = ""
    body: str = ""
    client_id: str | None = None
    code: str = ""
    detail: str = ""


class CommandRefused(RuntimeError):
    """The server answered a command with an error; the words are its code and detail."""


class Line:
    """A socket that speaks the contract: `ask` for the set-up, `post` and `speaker` for the loop."""

    def __init__(self, socket: wire.Socket, tally: Tally) -> None:
        self.socket, self.tally = socket, tally
        self.speaker: Speaker | None = None
        self.conversation: str | None = None
        self.last_seq = 0
        self._asked: dict[str, asyncio.Future[Frame]] = {}
        self._decode = msgspec.json.Decoder(Frame).decode
        self._encode = msgspec.json.Encoder().encode
        socket.on_text = self._on_text

    async def ask(self, command: str, **fields: Any) -> Frame:
        """Send a command and return its `ok`; raises CommandRefused or TimeoutError."""
        name = f"{command}-{len(self._asked)}"
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._asked[name] = future
        self.socket.send(self._encode({"type": command, "id": name, **fields}))
        async with asyncio.timeout(ANSWER_SECONDS):
            frame = await future
        if frame.type != "ok":
            raise CommandRefused(f"{command}: {frame.code} {frame.detail}")
        return frame

    def posts(self, prefix: str, **fields: Any) -> Callable[[int, str], None]:
        """A function that posts entry `number` with a body; client ids begin with `prefix`."""

        def post(number: int, body: str) -> None:
            client_id = f"{prefix}-{number}"
            command = {"type": "entry.post", "id": str(number), "client_id": client_id, "body": body, **fields}
            self.socket.send(self._encode(command))

        return post

    def _on_text(self, payload: bytes) -> None:
        frame = self._decode(payload)
        if frame.type == "entry.posted":
            self._posted(frame)
        elif frame.type in ("ok", "error"):
            self._answered(frame)

    def _posted(self, frame: Frame) -> None:
        if self.speaker is None or frame.conversation not in (None, self.conversation):
            return
        if frame.seq <= self.last_seq:
            self.tally.faults["a number repeated or went back"] += 1
        elif self.last_seq and frame.seq > self.last_seq + 2:
            # Its own message lies between two of the other side's: a step of two at most.
            self.tally.faults["a number is missing"] += 1
        self.last_seq = frame.seq
        if frame.kind == "message":
            self.speaker.hears(frame.body)

    def _answered(self, frame: Frame) -> None:
        future = self._asked.get(frame.id)
        if future is not None and not future.done():
            future.set_result(frame)
        elif frame.type == "ok" and self.speaker is not None:
            self.speaker.was_acknowledged(int(frame.id))
        else:
            self.tally.faults[f"refused: {frame.code}"] += 1


async def open_pair(plan: Plan, number: int, tally: Tally) -> Speaker:
    """Start a conversation and let operator `number` take it; returns the side that begins.

    Raises CommandRefused, wire.Refused, OSError or TimeoutError.
    """
    visitor = Line(await wire.connect(f"{plan.visitor}/ws/visitor/"), tally)
    await visitor.ask("hello", v=1, button=plan.button)
    started = await visitor.ask("conversation.start", client_id=f"start-{number}", body="Hello")
    operator = await open_operator(plan, number, tally)
    await operator.ask("conversation.take", conversation=started.conversation)
    return _link(visitor, operator, started.conversation, tally)


async def open_operator(plan: Plan, number: int, tally: Tally) -> Line:
    """The operator's signed-in socket, available for chats."""
    operator = Line(await wire.connect(f"{plan.operator}/ws/desk/", {"Cookie": plan.operators[number]}), tally)
    await operator.ask("hello", v=1)
    await operator.ask("presence.set", status="available")
    return operator


def _link(visitor: Line, operator: Line, conversation: str, tally: Tally) -> Speaker:
    visitor.conversation = operator.conversation = conversation
    visitor.speaker = Speaker("v", tally, visitor.posts("v"), acknowledges=True)
    operator.speaker = Speaker("o", tally, operator.posts("o", conversation=conversation), acknowledges=True)
    return link(visitor.speaker, operator.speaker)
