"""A reader who stops reading is cut off, costs little memory, and slows nobody: under both servers."""

from __future__ import annotations

import base64
import json
import os
import socket
import time

import psutil
import pytest

from tests.production.line import visitor_line
from tests.services.product import Product

pytestmark = [pytest.mark.once, pytest.mark.timeout(180)]

MESSAGES = 1200
BODY = "x" * 9_000
READERS = 5


def stopped_reader(product: Product, token: str) -> socket.socket:
    """A socket that says hello and never reads again. Its receive buffer is as small as the system lets it be."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", product.port))
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /ws/visitor/ HTTP/1.1\r\nHost: 127.0.0.1:{product.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: {product.url}\r\n\r\n".encode()
    )
    assert b" 101 " in line.recv(1024)
    hello = json.dumps({"type": "hello", "id": "1", "v": 1, "button": "sales", "token": token}).encode()
    length = bytes([0x80 | len(hello)]) if len(hello) < 126 else bytes([0xFE]) + len(hello).to_bytes(2, "big")
    line.sendall(b"\x81" + length + b"\x00\x00\x00\x00" + hello)  # masked by zeros
    return line


def is_cut(line: socket.socket) -> bool:
    """Whether the server has closed: what it had sent can still be read, then the end."""
    line.settimeout(30)
    try:
        while line.recv(1 << 20):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_it_is_cut_off(server: str) -> None:
    with Product(server=server, env={"CHATDESK_LIMITS": "off"}) as product, visitor_line(product.url) as writer:
        started = writer.command("conversation.start", client_id="start-of-slow", body="Good morning")
        lines = [stopped_reader(product, started["token"]) for _ in range(READERS)]
        time.sleep(0.5)
        process = psutil.Process(product.process.pid)
        before, slowest = process.memory_info().rss, 0.0
        for number in range(MESSAGES):
            began = time.monotonic()
            assert writer.command("entry.post", client_id=f"m{number}", body=BODY)["type"] == "ok"
            slowest = max(slowest, time.monotonic() - began)
        grown = (process.memory_info().rss - before) / 1e6
        time.sleep(11)
        assert writer.command("entry.post", client_id="last", body="still quick")["type"] == "ok"
        assert [is_cut(line) for line in lines] == [True] * READERS
        assert grown < 100, (
            f"{grown:.0f} MB for {READERS} readers who were sent {MESSAGES * len(BODY) / 1e6:.0f} MB each"
        )
        assert slowest < 5
        for line in lines:
            line.close()
