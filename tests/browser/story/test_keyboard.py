"""The whole story without a mouse: both people reach everything with keys, and always see where they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.story.conftest import Visits
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
ENOUGH = 40  # presses of Tab that reach any part of a page
IS_SEEN = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return style.outlineStyle !== "none" || style.boxShadow !== "none" || at.matches("body, [tabindex='-1']");
}"""


def tab_to(page: Page, target: str, key: str = "Tab") -> None:
    """Press Tab until `target` has the focus; every stop on the way shows that it has it."""
    for _ in range(ENOUGH):
        page.keyboard.press(key)
        assert page.evaluate(IS_SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("(target) => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"{target} is not reached by {key}")


def writes(page: Page, text: str, then: str = "Enter") -> None:
    page.keyboard.type(text)
    page.keyboard.press(then)


@pytest.fixture
def alice(watch: Watch, browser: Browser, product: Product) -> Page:
    """Alice at the desk, signed in by keys."""
    page = watch.page(browser)
    page.goto(f"{product.url}/accounts/login/?next=/desk/")
    expect(page.locator("[name=username]")).to_be_focused()
    writes(page, "alice@desk.example", "Tab")
    writes(page, product.password)
    page.wait_for_url("**/desk/")
    expect(page.locator("body")).to_have_attribute("data-line", "up")
    return page


def test_the_story_by_keys_alone(alice: Page, visits: Visits) -> None:
    vera = visits()
    tab_to(vera.page, "#body")
    writes(vera.page, "Are keys enough here?")
    expect(vera.page.locator("#title")).to_have_text("Alice, Sales")
    expect(alice.locator(".row", has_text="Are keys enough here?")).to_be_visible()
    alice.keyboard.press("j")
    expect(alice.locator("#conversation")).to_contain_text("Are keys enough here?")
    alice.keyboard.press("r")
    expect(alice.locator("#reply")).to_be_focused()
    writes(alice, "They are.")
    expect(vera.entry("They are.")).to_be_visible()
    writes(vera.page, "Lovely")
    expect(alice.locator("#log").get_by_text("Lovely", exact=True)).to_be_visible()
    tab_to(alice, "#send")
    tab_to(alice, "#reply", "Shift+Tab")
    alice.keyboard.press("Escape")
    alice.keyboard.press("x")
    expect(alice.locator("#target-search")).to_be_focused()
    alice.keyboard.press("ArrowDown")
    expect(alice.locator("#targets input:focus")).to_be_visible()
    tab_to(alice, "[data-closes]")
    alice.keyboard.press("Enter")
    alice.keyboard.press("c")
    tab_to(alice, "#close-go")
    alice.keyboard.press("Enter")
    vera.holds("closed")
    expect(alice.locator("#read-only")).to_contain_text("This conversation is closed")


def test_the_end_by_keys_alone(alice: Page, visits: Visits) -> None:
    vera = visits()
    tab_to(vera.page, "#body")
    writes(vera.page, "I will end this by keys")
    expect(vera.page.locator("#title")).to_have_text("Alice, Sales")
    tab_to(vera.page, "#end", "Shift+Tab")
    vera.page.keyboard.press("Enter")
    tab_to(vera.page, "#end-dialog button[value=end]")
    vera.page.keyboard.press("Enter")
    vera.holds("closed")
    expect(vera.page.locator("#again")).to_be_focused()
    vera.page.keyboard.press("Enter")
    expect(vera.page.locator("#body")).to_be_focused()
    writes(vera.page, "And begin anew by keys")
    expect(alice.locator(".row", has_text="And begin anew by keys")).to_be_visible()
