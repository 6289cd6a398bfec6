"""Takes the pictures of docs/images from a desk at work: `python -m tests.browser.story.pictures`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from tests.browser.desk.window import DeskWindow
from tests.browser.stage import says
from tests.browser.story.records import change, ref_of
from tests.services.chromium import chromium
from tests.services.process import ROOT
from tests.services.product import Product

IMAGES = ROOT / "docs" / "images"
SETTINGS = "UPDATE chatdesk_button SET typing_preview = 'preview', name_field = 'optional' WHERE slug = 'sales'"
SHARP = 1.5  # device pixels for each pixel of the page
OTHERS = [("Marta", "And the invoice? I need it for my taxes."), ("", "Do you deliver to Norway?"),
          ("Walter", "May I change the delivery address?"), ("", "Are you open on Saturday?")]  # fmt: skip
PAPER = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"%" * 212_000 + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def visitor(browser: Browser, product: Product, name: str, opening: str) -> Page:
    page = browser.new_page(viewport={"width": 400, "height": 760}, device_scale_factor=SHARP, locale="en-GB")
    where = {"page": "https://shop.example/jackets/linen-blue", "ref": "https://shop.example/jackets/"}
    page.goto(f"{product.url}/chat/sales/?{urlencode(where)}")
    page.fill("#field-name", name)
    says(page, opening)
    expect(page.locator("#entries .entry-message")).to_have_count(1)
    return page


def talk(alice: DeskWindow, vera: Page) -> None:
    alice.reply("Good morning, Vera. Yes, in blue we have sizes S to L. Which one do you wear?")
    expect(vera.get_by_text("Which one do you wear?")).to_be_visible()
    says(vera, "M, mostly. Is it true to size?")
    expect(alice.page.get_by_text("Is it true to size?").first).to_be_visible()
    alice.reply("A little wide. Here is the chart.")
    file = {"name": "size-chart.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    alice.page.set_input_files("#files", file)  # type: ignore[arg-type]
    expect(vera.locator("#entries .entry-file")).to_be_visible()
    expect(alice.page.locator("#entries .entry-file .entry-state")).to_have_text("read")


def take(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path)


def main() -> None:
    with Product(env={"CHATDESK_LIMITS": "off"}) as product, chromium() as browser:
        change(product, SETTINGS)
        context = browser.new_context(
            viewport={"width": 1360, "height": 850}, device_scale_factor=SHARP, locale="en-GB"
        )
        alice = DeskWindow(context, product, "alice")
        vera = visitor(browser, product, "Vera", "Hi! Is the linen jacket in stock in blue?")
        for name, opening in OTHERS:
            visitor(browser, product, name, opening)
        alice.open(ref_of(product, "Hi! Is the linen jacket in stock in blue?"))
        talk(alice, vera)
        vera.locator("#body").press_sequentially("Thank you! Then I would like")
        expect(alice.page.locator("#preview-text")).to_have_text("Thank you! Then I would like")
        alice.box.fill("")
        take(alice.page, IMAGES / "desk.png")
        vera.locator("#body").press_sequentially(" one")
        expect(vera.locator("#seen-text")).to_contain_text("one")
        take(vera, IMAGES / "chat.png")


if __name__ == "__main__":
    main()
