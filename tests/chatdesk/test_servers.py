"""Through the real servers, daphne and uvicorn: files there and back, endless bodies, frames that are none."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.chatdesk.files.samples import noise
from tests.services.product import Product

pytestmark = pytest.mark.once
BOUNDARY = "a-boundary-of-this-test"


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def desk(request: pytest.FixtureRequest) -> Iterator[Product]:
    with Product(server=request.param) as product:
        yield product


def ask(desk: Product, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Any:
    line = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    try:
        line.request(method, path, body or None, headers or {})
        answer: Any = line.getresponse()
        answer.body = answer.read()
        return answer
    finally:
        line.close()


def began(desk: Product) -> str:
    """A visitor who wrote, without script; their token."""
    body = urlencode({"body": "Hello", "client_id": secrets.token_hex(16)}).encode()
    answer = ask(desk, "POST", "/chat/sales/", body, {"Content-Type": "application/x-www-form-urlencoded"})
    found = re.search(r"chat=([^;]+)", answer.headers.get("Set-Cookie", ""))
    assert found, (answer.status, answer.body[:500])
    return found[1]


def form(content: bytes, name: str) -> bytes:
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="client_id"\r\n\r\n{secrets.token_hex(16)}\r\n',
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n',
        f"\r\n--{BOUNDARY}--\r\n",
    )
    return parts[0].encode() + parts[1].encode() + content + parts[2].encode()


def upload(desk: Product, token: str, content: bytes, name: str) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return ask(desk, "POST", "/chat/sales/files/", form(content, name), headers)


def test_a_large_file_goes_there_and_back(desk: Product) -> None:
    token = began(desk)
    content = b"a line of a long letter\n" * 600_000  # 14.4 MB
    answer = upload(desk, token, content, "letter.txt")
    assert answer.status == 201, answer.body
    assert json.loads(answer.body)["seq"] > 1
    page = ask(desk, "GET", "/chat/sales/", headers={"Cookie": f"chat={token}"}).body.decode()
    url = re.findall(r"/files/[\w-]+/", page)[-1]
    fetched = ask(desk, "GET", url, headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"})
    assert (fetched.status, fetched.headers["Content-Length"]) == (200, str(len(content)))
    assert fetched.body == content
    assert ask(desk, "HEAD", url, headers={"Cookie": f"chat={token}"}).headers["Content-Length"] == str(len(content))
    assert ask(desk, "GET", url).status == 404


def test_a_picture_is_drawn_anew(desk: Product) -> None:
    answer = upload(desk, began(desk), noise("jpeg", (800, 600)), "photo.jpg")
    assert answer.status == 201, answer.body


def test_a_file_over_the_limit_is_refused(desk: Product) -> None:
    answer = upload(desk, began(desk), b"x" * 20_000_001, "letter.txt")
    assert (answer.status, json.loads(answer.body)["code"]) == (413, "file.too_large")


def test_a_form_over_its_limit_is_refused(desk: Product) -> None:
    answer = ask(desk, "POST", "/accounts/login/", b"x" * 1_000_001)
    assert (answer.status, json.loads(answer.body)["code"]) == (413, "file.too_large")


def raw(desk: Product, head: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", desk.port), timeout=30)
    line.sendall(f"POST /chat/sales/files/ HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n{head}\r\n\r\n".encode())
    return line


def test_a_gigabyte_that_is_only_announced_is_refused_at_once(desk: Product) -> None:
    with raw(desk, "Content-Length: 1000000000") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_body_without_end_is_cut_and_the_server_lives(desk: Product) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with raw(desk, "Transfer-Encoding: chunked") as line:
        try:
            while sent < 400_000_000:
                line.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
    assert sent < 300_000_000
    assert ask(desk, "GET", "/healthz").status == 200


# --- sockets ---


def line_to(desk: Product, path: str = "/ws/visitor/", origin: str | None = None) -> ClientConnection:
    named = Origin(desk.url if origin is None else origin)
    return connect(f"ws://127.0.0.1:{desk.port}{path}", origin=named, open_timeout=10, close_timeout=10)


def asked(line: ClientConnection, **command: Any) -> Any:
    line.send(json.dumps(command))
    while True:
        answer = json.loads(line.recv(10))
        if answer["type"] in ("ok", "error"):
            return answer


def closed_with(line: ClientConnection) -> int:
    """Reads to the end; the code the server closed with."""
    try:
        while True:
            line.recv(10)
    except ConnectionClosed:
        return line.protocol.close_code or 0


def alive(desk: Product) -> bool:
    with line_to(desk) as line:
        return bool(asked(line, type="hello", id="1", v=1, button="sales")["type"] == "ok")


def test_a_megabyte_in_one_frame_is_told_and_the_line_closed(desk: Product) -> None:
    with line_to(desk) as line:
        answer = asked(line, type="entry.post", id="1", client_id="c", body="x" * 1_000_000)
        assert (answer["code"], answer["id"]) == ("frame.too_large", None)
        assert closed_with(line) == 4413
    assert alive(desk)


def test_what_no_server_takes_ends_the_line_alone(desk: Product) -> None:
    with line_to(desk) as other:
        assert asked(other, type="hello", id="1", v=1, button="sales")["type"] == "ok"
        for opcode, payload in [
            (1, b"\xff\xfe"),
            (1, b'{"type":"\xed\xa0\x80"}'),
            (1, b"\xc0\xaf"),
            (1, b"x" * 3_000_000),
            (3, b"reserved"),
            (9, b"p" * 126),
        ]:
            with line_to(desk) as line:
                dropped(line, frame(opcode, payload))
        with line_to(desk) as line:
            dropped(line, b"\x81\x7f" + struct.pack(">Q", 2**40) + b"x" * 100)
        with line_to(desk) as line:
            dropped(line, b"\x81\x02hi")  # not masked
        assert asked(other, type="conversation.resume", id="2", after=0)["code"] == "conversation.unknown"


def dropped(line: ClientConnection, raw: bytes) -> None:
    """The server hangs up on these bytes, with a close code of its own or without."""
    with suppress(OSError):  # it may hang up before it has taken them all; that it did is asserted below
        line.socket.sendall(raw)
    assert closed_with(line) in {0, 1002, 1006, 1007, 1009}


def frame(opcode: int, payload: bytes) -> bytes:
    """A client's frame (RFC 6455, 5.2), masked with zeros."""
    length = len(payload)
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 65_536:
        size = bytes([0x80 | 126]) + struct.pack(">H", length)
    else:
        size = bytes([0x80 | 127]) + struct.pack(">Q", length)
    return bytes([0x80 | opcode]) + size + bytes(4) + payload


def test_frames_that_are_no_commands_leave_the_line_open(desk: Product) -> None:
    with line_to(desk) as line:
        assert asked(line, type="hello", id="1", v=1, button="sales")["type"] == "ok"
        texts = ["", "{", "null", "[" * 10_000, "\x00", '{"type":"typing","id":"\\ud800"}']
        for sent in [*(text.encode() for text in texts), os.urandom(100)]:
            line.send(sent, text=sent.isascii())
            answer = json.loads(line.recv(10))
            assert (answer["type"], answer.get("code")) == ("error", "frame.invalid"), sent[:20]
        assert asked(line, type="conversation.resume", id="2", after=0)["code"] == "conversation.unknown"


def test_pieces_of_a_frame_make_one_command(desk: Product) -> None:
    hello = json.dumps({"type": "hello", "id": "1", "v": 1, "button": "sales"})
    with line_to(desk) as line:
        line.send(iter(hello))
        assert json.loads(line.recv(10))["type"] == "ok"


@pytest.mark.parametrize("path", ["/ws/visitor/", "/ws/desk/"])
def test_foreign_pages_are_refused_at_the_handshake(desk: Product, path: str) -> None:
    for origin in ("https://evil.example", "null", "file://", "http://127.0.0.1.evil.example", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as refused:
            line_to(desk, path, origin).close()
        assert refused.value.response.status_code == 403


def test_a_flood_is_cut_and_others_are_served(desk: Product) -> None:
    with line_to(desk) as line:
        assert asked(line, type="hello", id="1", v=1, button="sales")["type"] == "ok"
        flood = [json.dumps({"type": "typing", "id": str(n), "text": "x"}) for n in range(1000)]
        try:
            for text in flood:
                line.send(text)
        except ConnectionClosed:
            pass
        assert closed_with(line) == 4429
    assert alive(desk)
