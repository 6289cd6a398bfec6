"""An operator's window on the desk: what a person there does and sees."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.services.product import Product


class DeskWindow:
    def __init__(
        self,
        context: BrowserContext,
        product: Product,
        name: str,
        path: str = "/desk/",
        *,
        url: str = "",
        company: str = "desk.example",
    ) -> None:
        self.name = name
        self.page: Page = context.new_page()
        self.product = product
        self.page.goto(f"{url or product.url}/accounts/login/?next={path}")
        self.page.fill("input[name=username]", f"{name}@{company}")
        self.page.fill("input[name=password]", product.password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(f"**{path}")
        self.is_up()

    def is_up(self) -> None:
        """Wait until the line to the server stands."""
        expect(self.page.locator("body")).to_have_attribute("data-line", "up")

    def row(self, ref: str) -> Locator:
        return self.page.locator(f'.row[data-ref="{ref}"]')

    def open(self, ref: str) -> None:
        """Choose a conversation of the visible list, and wait until it stands in the panel."""
        self.row(ref).click()
        self.shows(ref)

    def shows(self, ref: str) -> None:
        expect(self.page.locator(f'#conversation[data-ref="{ref}"][data-live]')).to_be_visible()

    def look_at(self, tab: str) -> None:
        self.page.click(f"#tab-{tab}")
        expect(self.page.locator(f'.rows-root[data-tab="{tab}"]')).to_be_attached()

    @property
    def box(self) -> Locator:
        return self.page.locator("#reply")

    def reply(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def entry(self, body: str) -> Locator:
        return self.page.locator("#log .entry", has=self.page.get_by_text(body, exact=True))

    def bodies(self) -> list[str]:
        """The messages on the screen, in their order."""
        return self.page.locator("#log .entry:is(.entry-message) .entry-body").all_inner_texts()

    def says_under(self, body: str, state: str) -> None:
        """Wait until the state under a message is this word."""
        expect(self.entry(body).locator(".entry-state")).to_have_text(state)

    def choose_status(self, status: str) -> None:
        self.page.click("#me")
        self.page.click(f'#statuses label:has(input[value="{status}"])')
        expect(self.page.locator("#status-dot")).to_have_attribute("data-status", status)
        self.page.keyboard.press("Escape")
