"""Two real pages talk: a visitor's and an operator's, each timed from the key that sends to the other's DOM."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page

from tests.bench.desk import BUTTON, Desk

CLOCK = (Path(__file__).parent / "browser_clock.js").read_text()
COMPOSER = "textarea:visible"
LOG = "[role=log]"
ROWS = ".rows"
WAIT_MS = 10_000
LOOK_SECONDS = 0.02


@contextmanager
def page(browser: Browser, cookie: str = "", url: str = "") -> Iterator[Page]:
    """A page in a window of its own, with the bench's clock; `cookie` ("name=value") is sent to `url`."""
    with browser.new_context() as context:
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(CLOCK)
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": url}])
        yield context.new_page()


def noted(place: Page | Frame, what: str) -> float:
    """When the bench's clock noted `what`, in milliseconds; waits for it. Raises TimeoutError."""
    until = time.monotonic() + WAIT_MS / 1000
    # Playwright's own waiting evaluates a string in the page, which the desk's policy forbids, and rightly.
    while not (at := float(place.evaluate(f"bench.{what}"))):
        if time.monotonic() > until:
            raise TimeoutError(f"{what} was never noted on {place.url}")
        time.sleep(LOOK_SECONDS)
    return at


def open_both(desk: Desk, visitor: Page, operator: Page) -> None:
    """The operator looks at the waiting chats, the visitor at an empty chat."""
    web = desk.webs[0].http
    operator.goto(f"{web}/desk/")
    operator.locator("#tab-waiting").click()
    visitor.goto(f"{web}/chat/{BUTTON}/")
    visitor.wait_for_load_state("networkidle")
    operator.wait_for_load_state("networkidle")


def say(speaker: Page, hearer: Page, text: str, where: str = LOG) -> float:
    """Type and send `text`; milliseconds from the key until it stands in the hearer's DOM. Raises TimeoutError."""
    hearer.evaluate("([selector, text]) => bench.watch(selector, text)", [where, text])
    speaker.locator(COMPOSER).first.fill(text)
    speaker.locator(COMPOSER).first.press("Enter")
    return noted(hearer, "seen") - float(speaker.evaluate("bench.sent"))


def take(operator: Page, text: str) -> None:
    """Open the waiting chat whose row shows `text`, and take it."""
    operator.locator(ROWS).get_by_text(text).first.click()
    operator.get_by_role("button", name="Take").first.click()
    operator.locator(COMPOSER).first.wait_for()
