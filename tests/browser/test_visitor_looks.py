"""The chat page for every reader: axe, keyboard alone, narrow and zoomed, right to left, dark; and its weight."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from tests.browser.stage import Stage, says

pytestmark = [pytest.mark.browser, pytest.mark.once]
MOST_REQUESTS = 6  # the socket included
MOST_BYTES = 40 * 1024  # gzipped, with headers left out
LAYOUT_SHIFT = """
new Promise((told) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => one.hadRecentInput || (sum += one.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(sum), 600);
})
"""


def faults(page: Page) -> list[str]:
    report = Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in report.response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(stage: Stage, scheme: Any) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("form", color_scheme=scheme)
        expect(visitor.locator("[data-group=shop]")).to_have_attribute("data-state", "online")
        assert faults(visitor) == []
        talking = stage.visitor("seen", color_scheme=scheme)
        says(talking, f"Look at me in {scheme}")
        ref = olga.gets_chat(f"Look at me in {scheme}")
        olga.says(ref, "I do")
        talking.locator("#body").press_sequentially("and now")
        expect(talking.locator("#seen")).to_be_visible()
        olga.send("typing", conversation=ref)
        assert faults(talking) == []
        talking.click("#end")
        assert faults(talking) == []
        talking.click("#end-dialog button[value=end]")
        expect(talking.locator("#ended")).to_be_visible()
        assert faults(talking) == []


def test_axe_finds_nothing_while_waiting_and_broken(stage: Stage) -> None:
    stage.watch.allow("WebSocket connection", "ERR_INTERNET_DISCONNECTED")
    visitor = stage.visitor()
    says(visitor, "Nobody here?")
    expect(visitor.locator("#waiting")).to_be_visible()
    assert faults(visitor) == []
    visitor.context.set_offline(True)
    expect(visitor.locator("#line")).to_be_visible()
    says(visitor, "Still nobody?")
    assert faults(visitor) == []


def test_the_keyboard_is_enough(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("form")
        for key in ["Tab", "Tab", "ArrowDown"]:  # the log, then the groups
            visitor.keyboard.press(key)
        visitor.locator("input[name=group][value=shop]").focus()
        visitor.keyboard.press("Space")
        visitor.keyboard.press("Tab")
        visitor.keyboard.type("Vera")
        visitor.keyboard.press("Tab")
        visitor.keyboard.type("vera@example.com")
        visitor.keyboard.press("Tab")
        visitor.keyboard.press("Tab")
        visitor.keyboard.type("By keyboard alone")
        visitor.keyboard.press("Shift+Enter")
        visitor.keyboard.type("in two lines")
        visitor.keyboard.press("Enter")
        olga.gets_chat("By keyboard alone\nin two lines")
        expect(visitor.locator("#body")).to_be_focused()
        expect(visitor.locator("#end")).to_be_visible()
        for _ in range(2):  # the log, then the head
            visitor.keyboard.press("Shift+Tab")
        expect(visitor.locator("#end")).to_be_focused()
        visitor.keyboard.press("Enter")
        expect(visitor.locator("#end-dialog")).to_be_visible()
        visitor.keyboard.press("Tab")
        visitor.keyboard.press("Enter")
        expect(visitor.locator("#again")).to_be_focused()
        visitor.keyboard.press("Enter")
        expect(visitor.locator("#body")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(320, 256), (360, 640), (768, 1024), (1360, 800)])
def test_nothing_sticks_out_at_any_width(stage: Stage, width: int, height: int) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen", viewport={"width": width, "height": height})
        says(visitor, f"At {width}: " + "Donaudampfschifffahrtsgesellschaft" * 6)
        ref = olga.gets_chat(f"At {width}: " + "Donaudampfschifffahrtsgesellschaft" * 6)
        olga.says(ref, "https://shop.example/" + "a" * 300)
        expect(visitor.locator(".entry-message")).to_have_count(2)
        assert visitor.evaluate("document.documentElement.scrollWidth") <= width
        assert visitor.evaluate("document.getElementById('scroll').scrollWidth") <= width
        expect(visitor.locator("#body")).to_be_in_viewport()


def test_right_to_left_is_a_mirror(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor(locale="ar", extra_http_headers={"Accept-Language": "ar"})
        assert visitor.evaluate("document.documentElement.dir") == "rtl"
        says(visitor, "مرحبا")
        olga.says(olga.gets_chat("مرحبا"), "Hello, how are you?")
        expect(visitor.locator(".entry-message")).to_have_count(2)
        own, theirs = (visitor.locator(f".entry-message.by-{who}").bounding_box() for who in ("visitor", "operator"))
        assert own
        assert theirs
        assert own["x"] < theirs["x"]


def test_touch_targets_are_large_enough(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        says(visitor, "How large are they")
        olga.gets_chat("How large are they")
        sizes = visitor.evaluate(
            """() => Array.from(document.querySelectorAll("a, button, input:not([type=hidden]), textarea"))
              .filter((one) => one.checkVisibility())
              .map((one) => (one.closest("label") ?? one).getBoundingClientRect())
              .map(({ width, height }) => Math.min(width, height))"""
        )
        assert len(sizes) >= 5
        assert min(sizes) >= 24


def test_a_phone_is_not_zoomed_by_typing(stage: Stage) -> None:
    visitor = stage.visitor("form", viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    sizes = visitor.evaluate(
        """Array.from(document.querySelectorAll("textarea, .field input"))
             .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert min(sizes) >= 16


def test_its_weight(stage: Stage) -> None:
    page = stage.watch.page(stage.browser)
    requests: list[Request] = []
    sockets: list[str] = []

    def asked(request: Request) -> None:
        requests.append(request)

    page.on("request", asked)
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{stage.product.url}/chat/")
    expect(page.locator("#presence-words")).not_to_be_empty()
    page.wait_for_timeout(500)
    loaded = [request for request in requests if not request.url.startswith("data:")]
    assert len(loaded) + len(sockets) <= MOST_REQUESTS
    assert sum(weight(request) for request in loaded) <= MOST_BYTES
    assert page.evaluate(LAYOUT_SHIFT) == 0


def weight(request: Request) -> int:
    response = request.response()
    assert response
    assert response.header_value("content-encoding") == "gzip"
    return len(gzip.compress(response.body()))


def test_coming_back_moves_nothing(stage: Stage) -> None:
    visitor = stage.visitor("seen")
    says(visitor, "I come back soon")
    expect(visitor.locator("#waiting")).to_be_visible()
    visitor.reload()
    expect(visitor.locator("#waiting")).to_be_visible()
    assert visitor.evaluate(LAYOUT_SHIFT) == 0
