"""A visitor's window: what a person there does and sees."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.stage import says
from tests.browser.story.records import ref_of
from tests.services.product import Product

STORED = re.compile("Sent|Delivered|Read")


class VisitorWindow:
    """At a button's page. `ref` is the conversation, once `asks` began it."""

    def __init__(self, page: Page, product: Product, button: str, url: str = "") -> None:
        self.page, self.product, self.ref = page, product, ""
        page.goto(f"{url or product.url}/chat/{button}/")

    def asks(self, opening: str) -> None:
        """Write the first message, and wait until it is stored."""
        self.says(opening)
        expect(self.entry(opening).locator(".entry-state")).to_have_text(STORED)
        self.ref = ref_of(self.product, opening)

    def says(self, text: str) -> None:
        says(self.page, text)

    def sends_file(self, name: str, data: bytes) -> None:
        file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        self.page.set_input_files("#files", file)

    def entry(self, body: str) -> Locator:
        return self.page.locator("#entries .entry", has=self.page.get_by_text(body, exact=True))

    def says_under(self, body: str, state: str) -> None:
        """Wait until the state under a message is this word."""
        expect(self.entry(body).locator(".entry-state")).to_have_text(state)

    def bodies(self) -> list[str]:
        """The messages on the screen, in their order."""
        return self.page.locator("#entries .entry-message .entry-body").all_inner_texts()

    def holds(self, state: str) -> None:
        """Wait until the conversation stands so: waiting, active, closed."""
        expect(self.page.locator("body")).to_have_attribute("data-state", state)

    def ends(self) -> None:
        self.page.click("#end")
        self.page.click("#end-dialog button[value=end]")
        self.holds("closed")

    def leaves(self) -> None:
        """End what still goes on, so that nobody finds it in the queue."""
        if not self.page.is_closed() and self.page.locator("body").get_attribute("data-state") in ("waiting", "active"):
            self.ends()
