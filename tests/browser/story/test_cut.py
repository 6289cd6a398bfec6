"""The network is cut while two people write, and comes back: told at once, and every word stands once, in order."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.desk.window import DeskWindow
from tests.browser.story.conftest import Visits
from tests.browser.story.records import messages
from tests.browser.story.visitor import VisitorWindow
from tests.browser.story.wires import Wires
from tests.browser.story.writing import both_write, stand_alike
from tests.services.chromium import Watch, watching
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
TWO_SECONDS = 2_000
HEALED = 40_000
NETWORK = ("WebSocket connection", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE")


@pytest.fixture
def wires(product: Product) -> Iterator[Wires]:
    with Wires(product.port) as between:
        yield between


@pytest.fixture
def watch(product: Product, wires: Wires) -> Iterator[Watch]:
    with watching(product.url, wires.url) as watch:
        watch.allow(*NETWORK)
        yield watch


@dataclass
class Line:
    """What is cut, who sees it, and what they are told."""

    page: Page
    banner: str
    cut: Callable[[], None]
    mend: Callable[[], None]


def heals(alice: DeskWindow, vera: VisitorWindow, line: Line) -> None:
    opening = f"{secrets.token_hex(4)} before the cut"
    vera.asks(opening)
    alice.open(vera.ref)
    line.cut()
    expect(line.page.locator("#line")).to_contain_text(line.banner, timeout=TWO_SECONDS)
    said = [opening, *both_write(alice, vera, range(3))]
    line.mend()
    for window in (alice, vera):
        expect(window.page.locator("#entries .entry-message")).to_have_count(len(said), timeout=HEALED)
    stand_alike(alice, vera, messages(vera.product, vera.ref), said)
    vera.says("after")
    expect(alice.entry("after")).to_be_visible()


def test_a_window_without_network_heals(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits()
    network = vera.page.context.set_offline
    cut, mend = partial(network, offline=True), partial(network, offline=False)
    heals(alice, vera, Line(vera.page, "The connection is lost.", cut, mend))


def test_a_visitor_whose_wires_were_cut_heals(sits: Sits, visits: Visits, wires: Wires) -> None:
    alice, vera = sits("alice"), visits(url=wires.url)
    heals(alice, vera, Line(vera.page, "The connection is lost.", wires.cut, wires.mend))


def test_a_desk_whose_wires_were_cut_heals(sits: Sits, visits: Visits, wires: Wires) -> None:
    alice, vera = sits("alice", url=wires.url), visits()
    heals(alice, vera, Line(alice.page, "The line is down", wires.cut, wires.mend))
