"""The desk for every eye and window: axe, narrow and wide, dark, right to left, zoomed."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.browser.desk.window import DeskWindow

pytestmark = pytest.mark.browser

WIDTHS = [360, 768, 1360]


def violations(window: DeskWindow) -> list[str]:
    found = Axe().run(window.page).response["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


def overflow(window: DeskWindow) -> int:
    return int(window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(sits: Sits, visits: Visits, scheme: str) -> None:
    alice = sits("alice", color_scheme=scheme)
    assert violations(alice) == []
    vera = visits("Is it in stock?", page="https://shop.example/jackets")
    alice.open(vera.ref)
    alice.reply("Yes")
    vera.types("and in blu")
    alice.says_under("Yes", "delivered")
    assert violations(alice) == []
    alice.box.fill("my answer")
    vera.says("and in blue?")
    expect(alice.entry("and in blue?")).to_be_visible()
    alice.box.press("Enter")
    expect(alice.page.locator("#guard")).to_be_visible()
    assert violations(alice) == []
    for opener, dialog in (("[data-act=transfer]", "#transfer-dialog"), ("[data-act=close]", "#close-dialog")):
        alice.page.click(opener)
        expect(alice.page.locator(dialog)).to_be_visible()
        assert violations(alice) == []
        alice.page.keyboard.press("Escape")
    alice.page.click("#me")
    assert violations(alice) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_fits_the_window(sits: Sits, visits: Visits, width: int, language: str) -> None:
    alice = sits("alice", viewport={"width": width, "height": 740}, locale=language)
    vera = visits("A very long word: " + "Donaudampfschifffahrt" * 12)
    expect(alice.row(vera.ref)).to_be_visible()
    assert overflow(alice) == 0
    alice.open(vera.ref)
    alice.box.fill("my answer")
    assert overflow(alice) == 0
    expect(alice.page.locator("#send")).to_be_in_viewport(ratio=1)
    if width > 1100:
        expect(alice.page.locator("#side")).to_be_in_viewport(ratio=1)
        return
    alice.page.click("#about")
    expect(alice.page.locator("#side-close")).to_be_focused()
    assert overflow(alice) == 0
    alice.page.click("#side-close")
    expect(alice.page.locator("#side")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_no_list_is_cut_off_when_all_of_them_count(sits: Sits, language: str) -> None:
    sam = sits("sam", locale=language)
    for width in WIDTHS:
        sam.page.set_viewport_size({"width": width, "height": 740})
        sam.page.locator(".tabs .count").evaluate_all("(counts) => counts.forEach((one) => (one.textContent = '99+'))")
        for tab in sam.page.locator(".tabs [role=tab]").all():
            expect(tab).to_be_in_viewport(ratio=1)


def test_a_phone_shows_the_list_or_the_chat(sits: Sits, visits: Visits) -> None:
    alice = sits("alice", viewport={"width": 360, "height": 740})
    vera = visits("Hello")
    alice.open(vera.ref)
    expect(alice.page.locator("#list")).to_be_hidden()
    alice.page.click("#back")
    expect(alice.row(vera.ref)).to_be_focused()
    expect(alice.page.locator("#conversation")).to_be_hidden()
    alice.page.go_back()
    alice.shows(vera.ref)


def test_four_hundred_percent_zoom_leaves_everything_in_reach(sits: Sits, visits: Visits) -> None:
    alice = sits("alice", viewport={"width": 340, "height": 205})
    vera = visits("Hello")
    alice.open(vera.ref)
    assert overflow(alice) == 0
    alice.reply("Can you read this?")
    alice.says_under("Can you read this?", "delivered")
    alice.entry("Can you read this?").scroll_into_view_if_needed()
    expect(alice.entry("Can you read this?")).to_be_in_viewport()


def test_targets_are_large_enough(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    small = alice.page.evaluate(
        """() => [...document.querySelectorAll("button, a, input:not([type=file])")]
          .filter((node) => node.checkVisibility() && !node.matches(".skip, .choice input"))
          .filter((node) => node.getBoundingClientRect().height < 24 || node.getBoundingClientRect().width < 24)
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert small == []
