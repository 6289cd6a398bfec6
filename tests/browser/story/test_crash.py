"""The server is killed while both write, and started again: nothing is lost, nothing stands twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.story.conftest import Visits
from tests.browser.story.records import messages
from tests.browser.story.writing import both_write, insists, stand_alike
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
TWO_SECONDS = 2_000
HEALED = 40_000
NETWORK = ("WebSocket connection", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE")


@pytest.fixture
def product() -> Iterator[Product]:
    with Product(env={"CHATDESK_LIMITS": "off"}) as own:
        yield own


def test_a_kill_while_both_write_loses_and_repeats_nothing(
    sits: Sits, visits: Visits, product: Product, watch: Watch
) -> None:
    watch.allow(*NETWORK)
    alice, vera = sits("alice"), visits()
    vera.asks("begun")
    alice.open(vera.ref)
    said = ["begun", *both_write(alice, vera, range(5))]
    product.kill()  # the last words are still on their way
    for window, words in ((vera, "The connection is lost."), (alice, "The line is down")):
        expect(window.page.locator("#line")).to_contain_text(words, timeout=TWO_SECONDS)
    said += both_write(alice, vera, range(5, 8))
    product.start()
    said += both_write(alice, vera, range(8, 12))
    for window in (alice, vera):
        expect(window.page.locator("#entries .entry-message")).to_have_count(len(said), timeout=HEALED)
    stand_alike(alice, vera, messages(product, vera.ref), said)
    vera.says("and on we go")
    vera.says_under("and on we go", "Read")
    insists(alice, "gladly")
    alice.says_under("gladly", "read")
