"""System Chromium through Playwright, and a page that remembers what went wrong on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.services.parts import CHROMIUM

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
)  # fmt: skip
PATIENCE = 10_000  # milliseconds, for what a busy machine does late
INTERNAL = ("data", "blob", "about", "chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless browser for as long as the block lasts."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.path(), args=list(FLAGS))
        yield browser
        browser.close()


class Watch:
    """Collects console errors, script errors and requests that leave the `origins`, over all pages of its contexts.

    A test that cuts the network or kills the server expects errors of the line; it says so with `allow`.
    """

    def __init__(self, *origins: str) -> None:
        self.origins = {urlsplit(origin).netloc for origin in origins}
        self.problems: list[str] = []
        self.allowed: list[str] = []
        self.contexts: list[BrowserContext] = []

    def allow(self, *words: str) -> None:
        """Problems that hold one of `words` are expected from here on."""
        self.allowed += words

    def context(self, browser: Browser, **options: Any) -> BrowserContext:
        """A new window of its own (cookies, storage), watched. `options` are Playwright's for new_context."""
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("request", self._request)
        self.contexts.append(context)
        return context

    def page(self, browser: Browser, **options: Any) -> Page:
        return self.context(browser, **options).new_page()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INTERNAL and address.netloc not in self.origins:
            self.problems.append(f"left the origin: {request.url}")

    def unexpected(self) -> list[str]:
        return [problem for problem in self.problems if not any(words in problem for words in self.allowed)]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@contextmanager
def watching(*origins: str) -> Iterator[Watch]:
    """A Watch for as long as the block lasts, over which nothing unexpected may go wrong."""
    watch = Watch(*origins)
    try:
        yield watch
    finally:
        watch.close()
    problems = watch.unexpected()
    assert not problems, problems  # pytest spells out only what stands in tests
