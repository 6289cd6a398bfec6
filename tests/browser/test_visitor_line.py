"""The line breaks: it is told within two seconds, comes back by itself, and nothing is lost or said twice."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.stage import Stage, holds_token, says
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
TWO_SECONDS = 2_000
HEALED = 20_000
NETWORK = (
    "WebSocket connection",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",  # what the page asked for when the server was killed
    "ERR_EMPTY_RESPONSE",
)


def bodies(page: Page) -> list[str]:
    return page.locator("#entries .entry-message .entry-body").all_inner_texts()


def test_a_cut_network_is_told_and_healed(stage: Stage) -> None:
    stage.watch.allow(*NETWORK)
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Before the cut")
        ref = olga.gets_chat("Before the cut")
        visitor.context.set_offline(True)
        expect(visitor.locator("#line")).to_contain_text("The connection is lost.", timeout=TWO_SECONDS)
        says(visitor, "During the cut")
        says(visitor, "And once more")
        expect(visitor.locator("#pending .entry")).to_have_count(2)
        expect(visitor.locator("#pending .entry-state").first).to_have_text("Sending…")
        olga.says(ref, "Are you there?")
        visitor.context.set_offline(False)
        expect(visitor.locator("#pending .entry")).to_have_count(0, timeout=HEALED)
        expect(visitor.locator("#line")).to_be_hidden()
        expect(visitor.locator("#entries .entry-message")).to_have_count(4)
        assert bodies(visitor) == ["Before the cut", "Are you there?", "During the cut", "And once more"]
        olga.hears("entry.posted", body="And once more")
        assert olga.said(ref) == ["Before the cut", "During the cut", "And once more"]


def test_what_waits_survives_a_reload(stage: Stage) -> None:
    stage.watch.allow(*NETWORK)
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Stored at once")
        ref = olga.gets_chat("Stored at once")
        expect(visitor.locator("#pending .entry")).to_have_count(0)
        visitor.context.set_offline(True)
        expect(visitor.locator("#line")).to_be_visible()
        says(visitor, "Written without a line")
        visitor.context.set_offline(False)
        visitor.reload()
        expect(visitor.locator("#entries .entry-message")).to_have_count(2, timeout=HEALED)
        assert bodies(visitor) == ["Stored at once", "Written without a line"]
        assert visitor.evaluate("sessionStorage.length") == 0
        olga.hears("entry.posted", body="Written without a line")
        assert olga.said(ref) == ["Stored at once", "Written without a line"]


def test_an_end_during_a_cut_is_said_afterwards(stage: Stage) -> None:
    stage.watch.allow(*NETWORK)
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "I am done")
        ref = olga.gets_chat("I am done")
        visitor.context.set_offline(True)
        visitor.click("#end")
        visitor.click("#end-dialog button[value=end]")
        expect(visitor.locator("#line")).to_be_visible()
        visitor.context.set_offline(False)
        expect(visitor.locator("#ended")).to_be_visible(timeout=HEALED)
        olga.hears("conversation.state", conversation=ref, state="closed")


def test_a_lost_answer_repeats_nothing(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.watch.page(stage.browser)
        swallowed: list[str] = []
        visitor.route_web_socket(re.compile("/ws/visitor/"), lambda route: without_answers(route, swallowed))
        visitor.goto(f"{stage.product.url}/chat/plain/")
        says(visitor, "Said once, heard once")
        expect(visitor.locator("#entries .entry-message")).to_have_count(1, timeout=HEALED)
        assert swallowed
        ref = olga.gets_chat("Said once, heard once")
        says(visitor, "And this")
        expect(visitor.locator("#entries .entry-message")).to_have_count(2, timeout=HEALED)
        expect(visitor.locator("#pending .entry")).to_have_count(0)
        olga.hears("entry.posted", body="And this")
        assert olga.said(ref) == ["Said once, heard once", "And this"]


def without_answers(route: WebSocketRoute, swallowed: list[str]) -> None:
    """A line that breaks after the first thing written was stored, before anybody says so: the first two times."""
    server = route.connect_to_server()
    silent: list[str] = []

    def to_server(message: str | bytes) -> None:
        text = str(message)
        if len(swallowed) < 2 and ("conversation.start" in text or "entry.post" in text):
            swallowed.append(text)
            silent.append(text)
        server.send(message)

    def to_page(message: str | bytes) -> None:
        if not silent:
            route.send(message)
        elif '"type":"ok"' in str(message):
            route.close(code=1001)

    route.on_message(to_server)
    server.on_message(to_page)


def test_a_line_that_breaks_before_the_token_came_loses_no_conversation(stage: Stage) -> None:
    visitor = stage.watch.page(stage.browser)
    lost: list[str] = []
    visitor.route_web_socket(re.compile("/ws/visitor/"), lambda route: without_token(route, lost))
    visitor.goto(f"{stage.product.url}/chat/plain/")
    says(visitor, "Heard before it was answered")
    holds_token(visitor, timeout=HEALED)
    assert lost
    visitor.reload()
    expect(visitor.locator("#entries .entry-message")).to_have_count(1)
    assert bodies(visitor) == ["Heard before it was answered"]


def without_token(route: WebSocketRoute, lost: list[str]) -> None:
    """A line that brings the first message's entry, and then breaks in the place of its answer: the first time."""
    server = route.connect_to_server()

    def to_page(message: str | bytes) -> None:
        if lost or '"token":"' not in str(message):
            route.send(message)
        else:
            lost.append(str(message))
            route.close(code=1001)

    server.on_message(to_page)
    route.on_message(server.send)


def test_frames_lost_and_frames_twice_are_put_right(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.watch.page(stage.browser)
        visitor.route_web_socket(re.compile("/ws/visitor/"), shuffled)
        visitor.goto(f"{stage.product.url}/chat/plain/")
        says(visitor, "Shuffle, please")
        ref = olga.gets_chat("Shuffle, please")
        for n in range(6):
            olga.says(ref, f"Number {n}")
        expect(visitor.locator("#entries .entry-message")).to_have_count(7, timeout=HEALED)
        visitor.wait_for_timeout(500)
        assert bodies(visitor) == ["Shuffle, please", *(f"Number {n}" for n in range(6))]


def shuffled(route: WebSocketRoute) -> None:
    """A line that loses two of the operator's answers, and brings the others twice."""
    server = route.connect_to_server()
    lost: list[str] = []

    def to_page(message: str | bytes) -> None:
        text = str(message)
        found = re.search(r'"body":"Number (\d)"', text)
        if found is None:
            route.send(message)
        elif int(found[1]) % 3 == 1 and found[1] not in lost:
            lost.append(found[1])  # only asking again brings it
        else:
            route.send(message)
            route.send(message)

    server.on_message(to_page)
    route.on_message(server.send)


def test_a_killed_server_loses_nothing(own_product: Product, browser: Browser) -> None:
    watch = Watch(own_product.url)
    watch.allow(*NETWORK)
    page = watch.page(browser)
    page.goto(f"{own_product.url}/chat/sales/")
    says(page, "Before the crash")
    expect(page.locator("#entries .entry-message")).to_have_count(1)
    own_product.kill()
    killed = time.monotonic()
    expect(page.locator("#line")).to_be_visible(timeout=TWO_SECONDS)
    assert time.monotonic() - killed < 3
    says(page, "While it was dead")
    expect(page.locator("#pending .entry-state")).to_have_text("Not sent yet; it goes out by itself", timeout=HEALED)
    own_product.start()
    page.click("#line-retry")
    expect(page.locator("#entries .entry-message")).to_have_count(2, timeout=HEALED)
    says(page, "And after")
    expect(page.locator("#entries .entry-message")).to_have_count(3)
    assert bodies(page) == ["Before the crash", "While it was dead", "And after"]
    expect(page.locator("details .box-words")).not_to_be_empty(timeout=HEALED)
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("#entries .entry-message")).to_have_count(3)
    assert bodies(again) == bodies(page)
    watch.close()
    assert watch.unexpected() == []


def test_a_stopped_server_says_goodbye(own_product: Product, browser: Browser) -> None:
    watch = Watch(own_product.url)
    watch.allow(*NETWORK)
    page = watch.page(browser)
    page.goto(f"{own_product.url}/chat/sales/")
    expect(page.locator("#presence-words")).not_to_be_empty()
    page.wait_for_timeout(500)
    own_product.stop()
    expect(page.locator("#line")).to_be_visible(timeout=TWO_SECONDS)
    own_product.start()
    expect(page.locator("#line")).to_be_hidden(timeout=HEALED)
    watch.close()
    assert watch.unexpected() == []


def test_a_key_that_is_nobodys_is_thrown_away(stage: Stage) -> None:
    visitor = stage.visitor()
    visitor.evaluate("localStorage.setItem('chatdesk.plain', 'x'.repeat(43))")
    visitor.reload()
    expect(visitor.locator("#body")).to_be_visible()
    says(visitor, "A new beginning")
    expect(visitor.locator("#entries .entry-message")).to_have_count(1)
    assert visitor.evaluate("localStorage.getItem('chatdesk.plain')") != "x" * 43
