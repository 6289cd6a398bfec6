"""A window that becomes smaller, as when a phone's keyboard opens, keeps what was looked at in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.story.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.once]
LINES = 14


def newest_stays(page: Page, log: str) -> None:
    newest = page.locator(f"{log} .entry", has_text=f"Line {LINES - 1}")
    expect(newest).to_be_in_viewport()
    for height in (430, 740, 560):
        page.set_viewport_size({"width": 360, "height": height})
        expect(newest).to_be_in_viewport(ratio=0.9)
    page.locator(f"{log} .entry").first.scroll_into_view_if_needed()
    expect(newest).not_to_be_in_viewport()
    page.set_viewport_size({"width": 360, "height": 430})
    page.wait_for_timeout(200)
    expect(newest).not_to_be_in_viewport()


def test_the_newest_words_stay_in_sight(sits: Sits, visits: Visits) -> None:
    small = {"width": 360, "height": 740}
    alice, vera = sits("alice", viewport=small), visits(viewport=small)
    vera.asks("On my phone")
    alice.open(vera.ref)
    for n in range(LINES):
        alice.reply(f"Line {n}")
    newest_stays(alice.page, "#entries")
    newest_stays(vera.page, "#entries")
