"""The button on somebody's web page: when it is seen, what it asks for, and how soon a form is there after a click."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.bench.browser_talk import noted, page
from tests.bench.desk import BUTTON
from tests.bench.measured_requests import Asked, Requests

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,">
<h1>A shop</h1><p>With some text.</p>
<a href="{desk}/chat/{button}/" data-chatdesk="{button}">Chat with us</a><script async src="{desk}/widget.js"></script>
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has above
        pass


@dataclass(frozen=True)
class Shown:
    """Milliseconds, and what was asked of the desk before the click."""

    button: float
    form: float
    asked: list[Asked]


@contextmanager
def host_page(folder: Path, desk: str) -> Iterator[str]:
    """A web page of another origin with the desk's button on it; its address."""
    (folder / "index.html").write_text(PAGE.format(desk=desk, button=BUTTON))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def show(browser: Browser, host: str, desk: str) -> Shown:
    """Open the host page with an empty cache, wait for the button, click it. Raises TimeoutError."""
    with page(browser) as window:
        requests = Requests(window, desk)
        window.goto(host)
        seen = noted(window, "button") - noted(window, "begun")
        window.wait_for_load_state("networkidle")
        asked = requests.finished()
        return Shown(seen, _click(window, desk), asked)


def _click(window: Page, desk: str) -> float:
    """Milliseconds from the click to a form that can be typed into, inside the frame."""
    window.get_by_role("button").or_(window.get_by_role("link", name="Chat")).last.click()
    window.frame_locator("iframe").locator("textarea").wait_for()
    frame = next(frame for frame in window.frames if frame.url.startswith(desk))
    return noted(frame, "form") - noted(window, "clicked")
