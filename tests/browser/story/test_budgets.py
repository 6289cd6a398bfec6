"""What pages may weigh on the wire, headers and all, and what they may leave behind in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.host_page import host_page
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
KIB = 1024
STORED = "[localStorage.length, sessionStorage.length, document.cookie.length]"
SHIFTS = """
new Promise((told) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(sum), 600);
})
"""


class Meter:
    """Counts what a page asks for, sockets too, and what came over the wire."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        self.sockets: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", lambda socket: self.sockets.append(socket.url))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request)

    def bodies(self) -> dict[str, int]:
        """The compressed bytes of each answer, by its address."""
        return {request.url: request.sizes()["responseBodySize"] for request in self.requests}

    def total(self) -> int:
        """Everything that arrived, with the headers."""
        return sum(request.sizes()["responseHeadersSize"] for request in self.requests) + sum(self.bodies().values())


def test_the_chat_page(watch: Watch, browser: Browser, product: Product) -> None:
    page = watch.page(browser)
    meter = Meter(page)
    page.goto(f"{product.url}/chat/")
    expect(page.locator("#presence-words")).not_to_be_empty()
    page.fill("#body", "not yet sent")
    assert page.evaluate(SHIFTS) == 0
    assert len(meter.requests) + len(meter.sockets) <= 6, meter.bodies()
    assert 0 < meter.total() <= 40 * KIB, meter.bodies()
    assert page.evaluate(STORED) == [0, 0, 0]
    assert page.context.cookies() == []


def test_the_button_on_a_host_page(watch: Watch, browser: Browser, product: Product) -> None:
    with host_page(watch, product.url, "sales") as address:
        page = watch.page(browser)
        meter = Meter(page)
        page.goto(address)
        expect(page.locator("button.open small")).not_to_be_empty()
        script, state = f"{product.url}/widget.js", f"{product.url}/buttons/sales.json"
        sizes = meter.bodies()
        assert set(sizes) == {address, script, state}
        assert 0 < sizes[script] <= 3 * KIB
        assert 0 < sizes[state] < KIB
        assert page.evaluate(STORED) == [0, 0, 0]
        assert page.context.cookies() == []
