"""A web page offers the chat by itself: where its rule says so, once, to who can be answered, and without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.host_page import button, host_page, opened, panel, writes_in
from tests.browser.look import STANDARD, violations
from tests.browser.stage import Stage
from tests.services.chromium import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("shut_shop")]
TEXT = "Can we help you choose?"
NOT_YET_MS = 1500
LONG_ENOUGH_MS = 6000  # the rule says three seconds, and the last look takes a moment
STORED = "[localStorage.length, sessionStorage.length, document.cookie]"
FITS = """
async (asked) => {
  const { fits } = await import("/static/widget/invitation.js");
  return asked.map(([pattern, address]) => fits(pattern, new URL(address)));
}
"""


@pytest.fixture
def site(stage: Stage) -> Iterator[str]:
    with host_page(stage.watch, stage.product.url, "inviting") as address:
        yield address


def bubble(page: Page) -> Locator:
    return page.get_by_role("region", name="Invitation to chat")


def invited(page: Page) -> Locator:
    expect(bubble(page).get_by_role("status")).to_have_text(TEXT, timeout=LONG_ENOUGH_MS + PATIENCE)
    return bubble(page)


def stays_away(page: Page) -> None:
    page.wait_for_timeout(LONG_ENOUGH_MS)
    expect(bubble(page)).to_have_count(0)


def test_it_comes_after_a_while_and_takes_nothing(stage: Stage, site: str) -> None:
    with stage.operator():
        page = opened(stage, site)
        page.wait_for_timeout(NOT_YET_MS)
        expect(bubble(page)).to_have_count(0)
        invited(page)
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        assert page.evaluate(STORED) == [0, 0, ""]
        assert page.context.cookies() == []


def test_by_keyboard_into_the_chat(stage: Stage, site: str) -> None:
    with stage.operator():
        page = opened(stage, site)
        invited(page)
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Start a chat")).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel(page).locator("#body")).to_be_focused()
        expect(bubble(page)).to_have_count(0)


def test_by_keyboard_away_and_never_again(stage: Stage, site: str) -> None:
    with stage.operator():
        page = opened(stage, site)
        invited(page)
        for _ in range(2):
            page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="No, thank you")).to_be_focused()
        page.keyboard.press("Escape")
        expect(bubble(page)).to_have_count(0)
        expect(button(page)).to_be_focused()
        assert page.evaluate(STORED) == [0, 1, ""]  # one mark for this visit, after they acted
        page.reload()
        stays_away(page)


def test_who_goes_on_reading_is_not_asked_on_the_next_page(stage: Stage, site: str) -> None:
    with stage.operator():
        page = opened(stage, site)
        invited(page)
        page.get_by_role("heading").click()
        page.goto(f"{site}?next")
        stays_away(page)


def test_only_where_the_rule_says(stage: Stage, site: str) -> None:
    with stage.operator():
        stays_away(opened(stage, f"{site}other"))


def test_never_while_nobody_is_there(stage: Stage, site: str) -> None:
    page = opened(stage, site)
    stays_away(page)
    with stage.operator():
        leaving = stage.watch.page(stage.browser)
        leaving.goto(f"{site}?leaving")
        expect(button(leaving)).to_contain_text("Somebody is here")
    stays_away(leaving)  # it was offered when the page came, and looked at again before it was shown


def test_never_beside_an_open_chat(stage: Stage, site: str) -> None:
    with stage.operator() as olga:
        page = opened(stage, site)
        button(page).click()
        chat = writes_in(page, "I am here already")
        ref = olga.gets_chat("I am here already")
        olga.says(ref, "Welcome")
        expect(chat.locator(".entry-message").last).to_contain_text("Welcome")
        stays_away(page)
        page.reload()  # the panel is closed now, the chat is not
        stays_away(page)


def test_who_wrote_before_can_be_welcomed_back(stage: Stage) -> None:
    with host_page(stage.watch, stage.product.url, "welcoming") as address, stage.operator() as olga:
        page = opened(stage, address)
        stays_away(page)
        button(page).click()
        chat = writes_in(page, "My first visit")
        olga.gets_chat("My first visit")
        chat.locator("#end").click()
        chat.locator("#end-dialog button[value=end]").click()
        expect(chat.locator("#ended")).to_be_visible()
        page.reload()
        invited(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_fits_a_phone(stage: Stage, site: str, scheme: Any) -> None:
    with stage.operator():
        page = opened(stage, site, color_scheme=scheme, viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        box = invited(page).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert violations(page, STANDARD) == []


def test_pages_are_told_by_path_or_address(stage: Stage) -> None:
    page = stage.visitor("plain")
    asked = {
        ("*", "https://shop.example/any?thing=1"): True,
        ("/", "https://shop.example/?from=mail"): True,
        ("/", "https://shop.example/prices"): False,
        ("/prices/*", "https://shop.example/prices/lamps"): True,
        ("/prices/*", "https://shop.example/old/prices/lamps"): False,
        ("*/basket", "https://shop.example/de/basket?step=2"): True,
        ("/search?q=*", "https://shop.example/search?q=lamp"): True,
        ("/a.b", "https://shop.example/aXb"): False,
        ("/(x+", "https://shop.example/(x+"): True,
        ("https://shop.example/*", "https://shop.example/prices"): True,
        ("https://shop.example/*", "https://other.example/prices"): False,
    }
    found = page.evaluate(FITS, [list(pair) for pair in asked])
    assert dict(zip(asked, found, strict=True)) == asked
