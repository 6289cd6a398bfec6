"""People as programs: they sign in through the real door and talk over real sockets, each to one web process."""

from __future__ import annotations

import json
import re
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from http.cookiejar import CookieJar
from itertools import count
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

Frame = dict[str, Any]
PATIENCE = 20.0  # seconds; what is asserted to be quick is measured where it is asserted


def sign_in(url: str, email: str, password: str) -> str:
    """The Cookie header of a new session, got by the sign-in page's own form."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/accounts/login/", timeout=PATIENCE).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    fields = {"username": email, "password": password, "csrfmiddlewaretoken": found.group(1)}
    form = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(f"{url}/accounts/login/", form, {"Origin": url, "Referer": url})
    opener.open(request, timeout=PATIENCE).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


class Line:
    """One socket: commands wait for their answer, and every frame heard is kept."""

    def __init__(self, url: str, path: str, cookie: str = "") -> None:
        headers = {"Cookie": cookie} if cookie else {}
        address = re.sub("^http", "ws", url) + path
        opened = connect(
            address, origin=Origin(url), additional_headers=headers, compression=None, proxy=None, close_timeout=1
        )
        self._held = ExitStack()
        self.socket: ClientConnection = self._held.enter_context(opened)
        self.frames: list[Frame] = []
        self._ids = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def hear(self, seconds: float = PATIENCE) -> Frame:
        """The next frame. Raises TimeoutError, and ConnectionClosed when the line is gone."""
        frame: Frame = json.loads(self.socket.recv(seconds))
        self.frames.append(frame)
        return frame

    def say(self, kind: str, **fields: Any) -> str:
        number = str(next(self._ids))
        self.socket.send(json.dumps({"type": kind, "id": number, **fields}))
        return number

    def command(self, kind: str, **fields: Any) -> Frame:
        """Send it and wait for its one answer, `ok` or `error`."""
        number = self.say(kind, **fields)
        return self.until(lambda frame: frame.get("id") == number)

    def until(self, wanted: Any, seconds: float = PATIENCE) -> Frame:
        """The first frame, heard already or yet to come, that `wanted` holds for. Raises TimeoutError."""
        for frame in self.frames:
            if wanted(frame):
                return frame
        deadline = time.monotonic() + seconds
        while True:
            frame = self.hear(max(0.01, deadline - time.monotonic()))
            if wanted(frame):
                return frame

    def event(self, kind: str, **facts: Any) -> Frame:
        return self.until(lambda frame: frame["type"] == kind and facts.items() <= frame.items())

    def entries(self) -> list[tuple[int, str]]:
        """(number, text) of every message heard, in the order heard."""
        heard = (frame for frame in self.frames if frame["type"] == "entry.posted" and frame["kind"] == "message")
        return [(frame["seq"], frame["body"]) for frame in heard]

    def closed(self) -> int:
        """Listen until the line ends. Its close code."""
        try:
            while True:
                self.hear()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006


def visitor_line(url: str, **hello: Any) -> Line:
    line = Line(url, "/ws/visitor/")
    answer = line.command("hello", v=1, button="sales", **hello)
    assert answer["type"] == "ok", answer
    return line


def operator_line(url: str, cookie: str) -> Line:
    line = Line(url, "/ws/desk/", cookie)
    answer = line.command("hello", v=1)
    assert answer["type"] == "ok", answer
    return line
