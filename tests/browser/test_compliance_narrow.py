"""The compliance desk on a telephone: tables scroll within the page, and their words stay whole."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A word that was cut has several boxes: the first of each cell is asked.
CUT = """() => [...document.querySelectorAll(":is(.rows, .grid) :is(th, td)")].filter(cell => {
  const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
  const word = text && !text.parentElement.closest("code") && /[A-Za-z]+/.exec(text.data);
  if (!word) return false;
  const range = document.createRange();
  range.setStart(text, word.index);
  range.setEnd(text, word.index + word[0].length);
  return range.getClientRects().length > 1;
}).map(cell => cell.textContent)"""


def compliance(browser: Browser, watch: Watch, product: Product) -> Page:
    """Cora on a telephone, who has said why, and kept a search under a matter."""
    page = watch.context(browser, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{product.url}/accounts/login/?next=/transcripts/")
    page.fill("input[name=username]", "cora@desk.example")
    page.fill("input[name=password]", product.password)
    page.press("input[name=password]", "Enter")
    page.fill("[name=reason]", "Complaint about a torn parcel, unmistakeably")
    page.click(".ask button")
    page.goto(f"{product.url}/transcripts/matters/")
    page.fill("[name=number]", "2026-077")
    page.fill("[name=name]", "A torn parcel")
    page.locator("form button.main").click()
    page.goto(f"{product.url}/transcripts/")
    page.fill("[name=q]", "unmistakeably")
    page.click(".search-line button")
    page.click("details.keep > summary")
    page.fill("#keep-name", "Unmistakeably")
    page.click("details.keep button")
    return page


def test_tables_scroll_within_the_page_and_keep_words_whole(browser: Browser, watch: Watch, shop: Product) -> None:
    page = compliance(browser, watch, shop)
    for path in ("matters/1/", "searches/1/report/", "readings/", "exports/", "log/"):
        page.goto(f"{shop.url}/transcripts/{path}")
        assert page.evaluate(TOO_WIDE) == 0, path
        assert page.evaluate(CUT) == [], path
