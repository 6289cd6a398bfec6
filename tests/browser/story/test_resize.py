"""A window that becomes smaller, as when a phone's keyboard opens, keeps what was looked at in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sits
from tests.browser.desk.window import DeskWindow
from tests.browser.story.conftest import Visits
from tests.browser.story.visitor import VisitorWindow

pytestmark = [pytest.mark.browser, pytest.mark.once]
LINES = 14


def talk(sits: Sits, visits: Visits, opening: str) -> tuple[DeskWindow, VisitorWindow]:
    """Both on phones, with more said than fits."""
    small = {"width": 360, "height": 740}
    alice, vera = sits("alice", viewport=small), visits(viewport=small)
    vera.asks(opening)
    alice.open(vera.ref)
    for n in range(LINES):
        alice.reply(f"Line {n}")
    expect(alice.page.locator("#entries .entry", has_text=f"Line {LINES - 1}")).to_have_count(1)
    return alice, vera


PLACES = """() => [...document.querySelectorAll("main, #line, #top, #log, #newer, #foot, #scroller, .entry:last-child")]
  .map(node => [node, node.getBoundingClientRect()])
  .map(([node, box]) => [node.id || node.className, node.scrollTop, box.top, box.bottom]).join("; ")"""


def in_sight(page: Page, newest: Locator) -> None:
    """Nearly whole; if not, it is said where everything stands."""
    try:
        expect(newest).to_be_in_viewport(ratio=0.9)
    except AssertionError as hidden:
        raise AssertionError(f"{page.viewport_size}: {page.evaluate(PLACES)}") from hidden


def newest_stays(page: Page, log: str) -> None:
    newest = page.locator(f"{log} .entry", has_text=f"Line {LINES - 1}")
    expect(newest).to_be_in_viewport()
    for height in (430, 740, 560):
        page.set_viewport_size({"width": 360, "height": height})
        in_sight(page, newest)
    page.locator(f"{log} .entry").first.scroll_into_view_if_needed()
    expect(newest).not_to_be_in_viewport()
    page.set_viewport_size({"width": 360, "height": 430})
    page.wait_for_timeout(200)
    expect(newest).not_to_be_in_viewport()


def test_the_newest_words_stay_in_sight(sits: Sits, visits: Visits) -> None:
    alice, vera = talk(sits, visits, "On my phone")
    newest_stays(alice.page, "#entries")
    newest_stays(vera.page, "#entries")


BLINK = """(line) => {
  line.textContent = "";
  document.querySelector("#log").getBoundingClientRect();
  line.textContent = "Behind";
}"""


def test_a_line_of_words_above_hides_nothing(sits: Sits, visits: Visits) -> None:
    """Also where it goes and comes back before anything is drawn."""
    alice, _vera = talk(sits, visits, "On my phone, on a bad line")
    newest = alice.page.locator("#entries .entry", has_text=f"Line {LINES - 1}")
    line = alice.page.locator("#line")
    line.evaluate("line => { line.textContent = 'Behind'; }")
    expect(newest).to_be_in_viewport(ratio=0.9)
    line.evaluate(BLINK)
    expect(newest).to_be_in_viewport(ratio=0.9)


def top_of(line: Locator) -> float:
    box = line.bounding_box()
    assert box is not None
    return box["y"]


def test_what_somebody_reads_further_up_stays(sits: Sits, visits: Visits) -> None:
    alice, vera = talk(sits, visits, "I write while you read")
    first = alice.page.locator("#entries .entry", has_text="I write while you read")
    first.scroll_into_view_if_needed()
    before = top_of(first)
    vera.page.locator("#body").press_sequentially("And ano")
    expect(alice.page.locator("#preview")).to_contain_text("And ano")
    assert top_of(first) == pytest.approx(before, abs=1)  # a log's height is told in whole pixels
    vera.says("And another thing")
    expect(alice.page.locator("#newer")).to_be_visible()
    assert top_of(first) == pytest.approx(before, abs=1)  # a log's height is told in whole pixels
    alice.page.locator("#newer").click()
    expect(alice.page.locator("#entries .entry", has_text="And another thing")).to_be_in_viewport(ratio=0.9)
    expect(alice.page.locator("#newer")).to_be_hidden()
