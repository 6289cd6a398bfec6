"""A chat changes hands: by a transfer, and because somebody is gone. The visitor is told each time."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.browser.conftest import Sits
from tests.browser.story.conftest import Visits
from tests.browser.story.records import end_lease
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
SWEPT = 15_000  # milliseconds; leases are looked through every 5 seconds


def test_a_transfer_is_told_to_the_visitor(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits()
    vera.asks("The jacket arrived torn")
    alice.open(vera.ref)
    alice.page.get_by_role("button", name="Transfer").click()
    alice.page.locator("#targets fieldset", has_text="Support").locator(".choice", has_text="Bob").click()
    alice.page.get_by_role("button", name="Hand over").click()
    expect(vera.page.locator("#title")).to_contain_text("Bob")
    expect(vera.page.locator("#log")).to_contain_text("Bob")
    bob.open(vera.ref)
    assert bob.bodies() == ["The jacket arrived torn"]
    bob.reply("I am sorry. We send a new one.")
    expect(vera.entry("I am sorry. We send a new one.")).to_be_visible()
    expect(alice.row(vera.ref)).to_have_count(0)
    bob.says_under("I am sorry. We send a new one.", "read")


def test_somebody_who_vanishes_is_replaced(sits: Sits, visits: Visits, product: Product) -> None:
    alice, sam, vera = sits("alice"), sits("sam"), visits()
    vera.asks("Hello, are you there?")
    alice.open(vera.ref)
    expect(vera.page.locator("#title")).to_have_text("Alice, Sales")
    alice.page.context.close()
    end_lease(product, "alice")
    expect(vera.page.locator("#log")).to_contain_text("Alice lost the connection.", timeout=SWEPT)
    expect(vera.page.locator("#waiting")).to_be_visible()
    expect(vera.page.locator("#title")).to_have_text("Sales")
    vera.says("Anybody?")
    sam.look_at("all")
    sam.open(vera.ref)
    sam.page.get_by_role("button", name="Take").click()
    expect(vera.page.locator("#title")).to_have_text("Sam, Sales")
    expect(vera.page.locator("#waiting")).to_be_hidden()
    assert sam.bodies() == ["Hello, are you there?", "Anybody?"]
    sam.reply("Sam here, I read everything")
    expect(vera.entry("Sam here, I read everything")).to_be_visible()


def test_a_slow_answer_does_not_lose_the_next_change(sits: Sits, visits: Visits) -> None:
    """The head of a conversation is asked for at each change: also while another answer comes."""
    alice, sam, vera = sits("alice"), sits("sam"), visits()
    vera.asks("Is the blue one still there?")
    sam.look_at("all")
    sam.open(vera.ref)
    alice.open(vera.ref)
    expect(sam.page.locator("#top")).to_contain_text("with Alice")
    sam.page.wait_for_timeout(500)
    late: list[tuple[Route, APIResponse]] = []
    sam.page.route("**/*part=frame", lambda route: late.append((route, route.fetch())), times=1)
    alice.page.locator("#hold").click()
    expect(alice.page.locator("#hold")).to_have_attribute("aria-pressed", "true")
    expect(vera.page.locator("#log")).to_contain_text("is looking this up")
    while not late:
        sam.page.wait_for_timeout(50)
    alice.page.locator("#hold").click()
    expect(alice.page.locator("#hold")).to_have_attribute("aria-pressed", "false")
    sam.page.wait_for_timeout(300)
    late[0][0].fulfill(response=late[0][1])
    expect(sam.page.locator("#top")).to_have_attribute("data-hold", "no")
    expect(sam.page.locator("#top")).not_to_contain_text("on hold")
