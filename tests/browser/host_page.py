"""Some web page of another origin, with the snippet that a business puts on its site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.stage import Stage
from tests.services.chromium import Watch

PAGE = """<!doctype html><html lang="en"><title>A shop</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><h1>A shop</h1>
<a href="{desk}/chat/{button}/" data-chatdesk="{button}">Chat with us</a>
<script async src="{desk}/widget.js"></script></html>"""


@contextmanager
def host_page(watch: Watch, desk: str, button: str) -> Iterator[str]:
    """The page's address, on a port of its own, where `watch` lets its windows go."""
    text = PAGE.format(desk=desk, button=button).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        watch.origins.add(f"127.0.0.1:{server.server_port}")
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def opened(stage: Stage, address: str, **window: Any) -> Page:
    """A host page in a window of its own, whose button has heard how the desk is."""
    page = stage.watch.page(stage.browser, **window)
    page.goto(address)
    expect(button(page).locator("small")).not_to_be_empty()
    return page


def button(page: Page) -> Locator:
    return page.locator("button.open")


def panel(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def writes_in(page: Page, words: str) -> FrameLocator:
    """The panel, in which the visitor has written `words`. A key pressed before its scripts run would only be a key."""
    chat = panel(page)
    expect(chat.locator("#log")).to_have_attribute("aria-busy", "false")
    chat.locator("#body").fill(words)
    chat.locator("#body").press("Enter")
    return chat
