"""Files through the real servers: there and back again, and bodies that no server should keep."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

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
