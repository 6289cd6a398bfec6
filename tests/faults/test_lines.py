"""Lines that are half there, that all come back at once, and two of one person."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.checker import percentile
from tests.faults.conftest import Tell
from tests.faults.desk import Desk
from tests.faults.line import AsyncLine
from tests.faults.talk import OPERATORS, VISITORS, fresh, talking, visitor_line
from tests.production.line import operator_line

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

GIVEN_UP_WITHIN = 60.0  # seconds: a ping after 20, and time to answer it
CROWD = 300
MAKE_CROWD = """
import json
from django.utils import timezone
from chatdesk.models import Button, Conversation, Entry, Participant, Visitor
from chatdesk.models.visitor import new_token, token_hash
from routing.models import Group, Request
group, made = Group.objects.get_or_create(slug="crowd", defaults={"name": "Crowd"})
button, made = Button.objects.get_or_create(slug="crowd", defaults={"title": "Crowd", "group": group})
tokens = [new_token() for number in range(%d)]
visitors = Visitor.objects.bulk_create([Visitor(token_hash=token_hash(token), token_used=True) for token in tokens])
requests = Request.objects.bulk_create([Request(group=group) for token in tokens])
threads = Conversation.objects.bulk_create([
    Conversation(visitor=visitor, button=button, group=group, request=request, start_id=visitor.token_hash, last_seq=1)
    for visitor, request in zip(visitors, requests)])
parts = Participant.objects.bulk_create([Participant(conversation=thread) for thread in threads])
Entry.objects.bulk_create([
    Entry(conversation=part.conversation, seq=1, participant=part, body="Hello", at=timezone.now()) for part in parts])
print("TOKENS" + json.dumps(tokens))
"""
CLOSE_CROWD = """
from django.utils import timezone
from chatdesk.models import Conversation
from routing.models import Request, State
Conversation.objects.filter(button__slug="crowd").update(closed_at=timezone.now())
Request.objects.filter(group__slug="crowd").update(state=State.CLOSED, closed_at=timezone.now())
"""


def silent_line(desk: Desk) -> socket.socket:
    """A websocket that is opened and greeted, and then answers nothing: no pong, no close."""
    line = socket.create_connection(("127.0.0.1", desk.proxy.port))
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /ws/visitor/ HTTP/1.1\r\nHost: 127.0.0.1:{desk.proxy.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Origin: {desk.url}\r\n\r\n".encode()
    )
    assert b" 101 " in line.recv(1024)
    hello = json.dumps({"type": "hello", "id": "1", "v": 1, "button": "support"}).encode()
    line.sendall(bytes([0x81, 0x80 | len(hello)]) + b"\x00\x00\x00\x00" + hello)  # masked by zeros
    return line


def seconds_to_the_end(line: socket.socket) -> float:
    """How long until the server gives the line up. Raises TimeoutError."""
    began = time.monotonic()
    line.settimeout(GIVEN_UP_WITHIN)
    while line.recv(65_536):
        line.settimeout(max(0.1, GIVEN_UP_WITHIN - (time.monotonic() - began)))
    return time.monotonic() - began


def test_silent_and_half_open_lines_are_given_up(desk: Desk, tell: Tell) -> None:
    """By both makes of server, so that nobody counts as here who is gone."""
    desk.proxy.lead_to(OPERATORS)
    with operator_line(desk.url, desk.talker):
        (half_open,) = desk.proxy.lines()
        desk.proxy.hold([half_open])
        silent = []
        for process in (VISITORS, OPERATORS):
            desk.proxy.lead_to(process)
            silent.append(silent_line(desk))
        with ThreadPoolExecutor() as watchers:
            took = list(watchers.map(seconds_to_the_end, silent))
        tell(f"no pong: given up after {', '.join(f'{each:.0f}' for each in took)} s (daphne, uvicorn)")
        desk.proxy.lead_to(OPERATORS)
        assert sockets_counted(desk)["desk"] == 0
        for line in silent:
            line.close()


def sockets_counted(desk: Desk) -> dict[str, int]:
    """Open sockets by side, as the process that the proxy leads to counts them."""
    with urllib.request.urlopen(f"{desk.url}/metrics", timeout=10) as page:
        lines = page.read().decode().splitlines()
    return {
        side: int(float(line.rpartition(" ")[2]))
        for line in lines
        for side in ("desk", "visitor")
        if line.startswith("chatdesk_sockets") and f'"{side}"' in line
    }


@pytest.fixture
def crowd(desk: Desk) -> Iterator[list[str]]:
    """The tokens of 300 visitors who wait."""
    told = desk.layout.manage("shell", "-c", MAKE_CROWD % CROWD)
    tokens: list[str] = json.loads(told.partition("TOKENS")[2])
    yield tokens
    desk.layout.manage("shell", "-c", CLOSE_CROWD)


async def come_back(desk: Desk, token: str, heard: list[int]) -> float:
    """Seconds from dialling to a greeting with everything missed."""
    began = time.monotonic()

    def hear(frame: dict[str, object]) -> None:
        if frame["type"] == "entry.posted":
            heard.append(1)

    async with AsyncLine(desk.url, "/ws/visitor/", hear=hear, patience=40) as line:
        answer = await line.command("hello", v=1, button="crowd", token=token, after=0)
        assert answer["type"] == "ok", answer
        assert answer["last_seq"] == 1
        return time.monotonic() - began


def test_three_hundred_come_back_at_once(desk: Desk, crowd: list[str], tell: Tell) -> None:
    """Nobody is refused, everybody gets what they missed, and those who talk are still answered."""

    async def rush() -> tuple[list[float], int]:
        heard: list[int] = []
        took = await asyncio.gather(*[come_back(desk, token, heard) for token in crowd])
        return list(took), len(heard)

    with talking(desk) as talk:
        before = desk.processor_seconds()
        took, heard = asyncio.run(rush())
        spent = 1000 * (desk.processor_seconds() - before) / CROWD
        tell(
            f"{CROWD} sockets back at once: p50 {percentile(took, 0.5):.1f} s, p99 {percentile(took, 0.99):.1f} s,"
            f" {spent:.1f} ms of the web processes' processor each"
        )
        assert heard == CROWD
        assert talk.post("still here?")["type"] == "ok"
        talk.operator.event("entry.posted", body="still here?")


def test_two_tabs_on_two_processes_show_the_same(desk: Desk) -> None:
    with talking(desk) as talk, talk.back(after=0, process=OPERATORS) as tab:
        ids = [
            (line, line.say("entry.post", client_id=fresh(), body=f"{n}"))
            for n in range(6)
            for line in (talk.visitor, tab)
        ]
        for line, number in ids:
            assert line.until(lambda frame, number=number: frame.get("id") == number)["type"] == "ok"
        assert talk.reply("to both")["type"] == "ok"
        for line in (talk.visitor, tab):
            line.event("entry.posted", body="to both")
        assert talk.visitor.entries() == tab.entries()
        assert [body for _seq, body in tab.entries()] == talk.bodies()
        shared = fresh()
        first, second = (line.command("entry.post", client_id=shared, body="from both") for line in (talk.visitor, tab))
        assert first["seq"] == second["seq"]
        assert talk.bodies().count("from both") == 1


def test_a_new_tab_reads_it_all(desk: Desk) -> None:
    with talking(desk) as talk:
        assert talk.post("written in the first")["type"] == "ok"
        with visitor_line(desk, token=talk.token, after=0) as tab:
            assert [body for _seq, body in tab.entries()] == talk.bodies()
