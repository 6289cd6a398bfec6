"""The line breaks, the server dies, the person is signed out: nothing written is lost, nothing shows twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = pytest.mark.browser

SOON = 2_500  # milliseconds: two seconds and a little for the test's own pace


@pytest.fixture(scope="module")
def mortal() -> Iterator[Product]:
    with Product() as product:
        yield product


@pytest.fixture
def product(mortal: Product) -> Product:
    """A desk of this file's own: it is killed here."""
    return mortal


def test_a_cut_line_is_told_and_resumed(sits: Sits, visits: Visits, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "WebSocket connection")
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.page.context.set_offline(True)
    expect(alice.page.locator("#line")).to_contain_text("The line is down", timeout=SOON)
    alice.reply("written offline")
    alice.reply("and once more")
    expect(alice.page.locator("#pending .entry").first).to_contain_text("sending")
    vera.says("are you there?")
    alice.page.context.set_offline(False)
    alice.is_up()
    expect(alice.page.locator("#line")).to_be_empty()
    vera.hears("entry.posted", body="and once more")
    alice.says_under("and once more", "delivered")
    said = alice.bodies()
    assert sorted(said) == sorted(["Hello", "are you there?", "written offline", "and once more"])
    assert said.index("written offline") < said.index("and once more")


def test_a_killed_server_loses_nothing(sits: Sits, visits: Visits, watch: Watch, product: Product) -> None:
    watch.allow("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.reply("before")
    alice.says_under("before", "delivered")
    product.kill()
    expect(alice.page.locator("#line")).to_contain_text("what you write is kept here", timeout=SOON)
    alice.reply("while it was dead")
    alice.box.fill("a draft")
    product.start()
    expect(alice.page.locator("body")).to_have_attribute("data-line", "up", timeout=40_000)
    alice.says_under("while it was dead", "sent")
    assert alice.bodies() == ["Hello", "before", "while it was dead"]
    alice.page.reload()
    alice.shows(vera.ref)
    assert alice.bodies() == ["Hello", "before", "while it was dead"]
    expect(alice.box).to_have_value("a draft")


def test_signed_out_elsewhere_leads_back_to_the_draft(sits: Sits, visits: Visits, watch: Watch) -> None:
    watch.allow("401", "WebSocket connection")
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.box.fill("half an answer")
    other = alice.page.context.new_page()
    other.goto(f"{alice.product.url}/desk/")
    other.click("#me")
    other.get_by_role("button", name="Sign out").click()
    expect(alice.page.locator("#line")).to_contain_text("You are signed out", timeout=5_000)
    alice.page.get_by_role("link", name="Sign in again").click()
    alice.page.fill("input[name=username]", "alice@desk.example")
    alice.page.fill("input[name=password]", alice.product.password)
    alice.page.press("input[name=password]", "Enter")
    alice.shows(vera.ref)
    expect(alice.page.locator("#reply")).to_have_value("half an answer")
    alice.is_up()


def test_signing_out_leaves_nothing_behind(sits: Sits, visits: Visits, watch: Watch) -> None:
    watch.allow("401", "WebSocket connection")
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.box.fill("a secret draft")
    alice.page.click("#me")
    alice.page.get_by_role("button", name="Sign out").click()
    alice.page.wait_for_url("**/accounts/login/**")
    kept = alice.page.evaluate("Object.keys(sessionStorage)")
    assert [key for key in kept if key.startswith("desk.")] == []
