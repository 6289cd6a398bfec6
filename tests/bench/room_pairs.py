"""Pairs in the tutorial's chat room: a room for each pair; what one says comes back to both."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tests.bench import wire
from tests.bench.pairs import Speaker, Tally, link
from tests.bench.plan import Plan


class Frame(msgspec.Struct):
    message: str


async def open_pair(plan: Plan, number: int, tally: Tally) -> Speaker:
    """Open both sockets of room `number` and return the side that begins; raises wire.Refused or OSError."""
    path = f"/ws/chat/pair{number}/"
    visitor = await _speaker(plan.visitor + path, "v", tally)
    operator = await _speaker(plan.operator + path, "o", tally)
    return link(visitor, operator)


async def _speaker(url: str, letter: str, tally: Tally) -> Speaker:
    socket = await wire.connect(url)
    speaker = Speaker(letter, tally, _poster(socket), acknowledges=False)
    decode = msgspec.json.Decoder(Frame).decode
    socket.on_text = lambda payload: speaker.hears(decode(payload).message)
    return speaker


def _poster(socket: wire.Socket) -> Callable[[int, str], None]:
    encode = msgspec.json.Encoder().encode
    return lambda number, body: socket.send(encode(Frame(body)))
