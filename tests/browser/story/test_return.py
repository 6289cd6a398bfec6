"""The visitor goes away and comes back another day: the conversation is there, with and without script."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.story.conftest import Visits
from tests.browser.story.records import change, ref_of
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
A_DAY_AGO = {
    "chatdesk_entry": ("at",),
    "chatdesk_conversation": ("created_at", "last_at"),
    "chatdesk_visitor": ("created_at", "seen_at"),
}


def a_day_passes(product: Product) -> None:
    """Everything of the record becomes a day older."""
    for table, names in A_DAY_AGO.items():
        older = ", ".join(f"{name} = strftime('%Y-%m-%d %H:%M:%f', {name}, '-1 day')" for name in names)
        change(product, f"UPDATE {table} SET {older}")


def test_the_next_day_it_is_all_there(sits: Sits, visits: Visits, product: Product) -> None:
    alice, vera = sits("alice"), visits()
    vera.asks("I ask my husband first")
    alice.open(vera.ref)
    alice.reply("Of course, it waits for you")
    expect(vera.entry("Of course, it waits for you")).to_be_visible()
    address = vera.page.url
    vera.page.close()
    a_day_passes(product)
    vera.page = vera.page.context.new_page()
    vera.page.clock.set_fixed_time(datetime.now().astimezone() + timedelta(seconds=5))
    vera.page.goto(address)
    expect(vera.entry("Of course, it waits for you")).to_be_visible()
    assert vera.bodies() == ["I ask my husband first", "Of course, it waits for you"]
    expect(vera.page.locator("#title")).to_have_text("Alice, Sales")
    vera.says("He likes it")
    expect(alice.entry("He likes it")).to_be_visible()
    alice.page.reload()
    alice.shows(vera.ref)
    assert alice.bodies() == ["I ask my husband first", "Of course, it waits for you", "He likes it"]


def test_without_script_too(sits: Sits, visits: Visits, product: Product) -> None:
    alice, walt = sits("alice"), visits(java_script_enabled=False)
    walt.page.fill("#body", "My browser is old")
    walt.page.get_by_role("button", name="Send").click()
    expect(walt.entry("My browser is old")).to_be_visible()
    alice.open(ref_of(product, "My browser is old"))
    walt.page.close()
    alice.reply("It is fine here")
    alice.says_under("It is fine here", "sent")
    a_day_passes(product)
    walt.page = walt.page.context.new_page()
    walt.page.goto(f"{product.url}/chat/sales/")
    assert walt.bodies() == ["My browser is old", "It is fine here"]
    walt.page.fill("#body", "Good to know")
    walt.page.get_by_role("button", name="Send").click()
    expect(alice.entry("Good to know")).to_be_visible()
    alice.page.click("[data-act=close]")
    alice.page.click("#close-go")
    expect(alice.page.locator("#read-only")).to_contain_text("This conversation is closed")
    walt.page.goto(f"{product.url}/chat/sales/")
    walt.holds("closed")
