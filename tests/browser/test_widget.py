"""The button on a host page of another origin: a link first, then a button, a panel, and messages to nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.host_page import button, host_page, opened, panel
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def site(stage: Stage) -> Iterator[str]:
    with host_page(stage.watch, stage.product.url, "plain") as address:
        yield address


def test_a_link_without_script(stage: Stage, site: str) -> None:
    page = stage.watch.page(stage.browser, java_script_enabled=False)
    page.goto(site)
    page.get_by_role("link", name="Chat with us").click()
    expect(page.locator("#title")).to_have_text("Shop")


def test_a_button_with_honest_words(stage: Stage, site: str) -> None:
    page = opened(stage, site)
    expect(button(page)).to_contain_text("Chat with us")
    expect(button(page)).to_contain_text("Nobody is here right now")
    expect(page.get_by_role("link", name="Chat with us")).to_be_hidden()
    with stage.operator():
        page.reload()
        expect(button(page)).to_contain_text("Nobody is here right now")  # for as long as it may be cached
        fresh = opened(stage, site)
        expect(button(fresh)).to_contain_text("Somebody is here to answer")


def test_two_requests_before_a_click(stage: Stage, site: str) -> None:
    page = stage.watch.page(stage.browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    expect(button(page)).to_contain_text("Nobody is here")
    page.wait_for_timeout(300)
    desk = [url.removeprefix(stage.product.url) for url in asked if url.startswith(stage.product.url)]
    assert desk == ["/widget.js", "/buttons/plain.json"]


def test_a_talk_in_the_panel(stage: Stage, site: str) -> None:
    with stage.operator() as olga:
        page = opened(stage, site)
        page.keyboard.press("Tab")
        expect(button(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel(page).locator("#body")).to_be_focused()
        page.keyboard.type("From the shop")
        page.keyboard.press("Enter")
        ref = olga.gets_chat("From the shop")
        olga.says(ref, "Welcome")
        expect(panel(page).locator(".entry-message").last).to_contain_text("Welcome")
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        page.keyboard.press("Escape")
        expect(page.locator("iframe")).to_be_hidden()
        expect(button(page)).to_be_focused()
        olga.says(ref, "Are you still there?")
        expect(page.locator(".count")).to_have_text("1")
        button(page).click()
        expect(panel(page).locator(".entry-message").last).to_contain_text("Are you still there?")
        expect(page.locator(".count")).to_be_hidden()
        page.get_by_role("button", name="Close chat").click()
        expect(button(page)).to_be_focused()


def test_the_desk_learns_the_host_page(stage: Stage, site: str) -> None:
    page = opened(stage, site + "?jacket=1#top")
    button(page).click()
    expect(panel(page).locator("#body")).to_be_focused()
    config = page.frames[1].evaluate("JSON.parse(document.getElementById('config').textContent)")
    assert config["page"] == site + "?jacket=1"


def test_a_phone_gets_the_whole_screen(stage: Stage, site: str) -> None:
    page = opened(stage, site, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    button(page).click()
    box = page.locator("iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    page.get_by_role("button", name="Close chat").click()
    expect(page.locator("iframe")).to_be_hidden()
    expect(button(page)).to_be_visible()


def test_strangers_messages_are_ignored(stage: Stage, site: str) -> None:
    page = opened(stage, site)
    button(page).click()
    expect(panel(page).locator("#body")).to_be_focused()
    page.evaluate("window.postMessage({ chatdesk: 'plain', close: true, unread: 7 }, '*')")  # not from the frame
    page.frames[1].evaluate("window.postMessage({ chatdesk: 'plain', open: false }, '*')")  # not from the parent
    page.wait_for_timeout(300)
    expect(page.locator("iframe")).to_be_visible()
    expect(page.locator(".count")).to_be_hidden()


def test_other_sites_may_not_frame_it(stage: Stage) -> None:
    stage.watch.allow("frame-ancestors", "Framing", "ERR_BLOCKED_BY_CSP", "ERR_BLOCKED_BY_RESPONSE")
    with host_page(stage.watch, stage.product.url, "till") as address:
        page = opened(stage, address)
        button(page).click()
        page.wait_for_timeout(500)
        assert panel(page).locator("#body").count() == 0
        page.get_by_role("button", name="Close chat").click()
        expect(button(page)).to_be_focused()


def test_an_unknown_button_stays_a_link(stage: Stage) -> None:
    stage.watch.allow("404")
    with host_page(stage.watch, stage.product.url, "nothing") as address:
        page = stage.watch.page(stage.browser)
        page.goto(address)
        expect(button(page)).to_have_count(0)
        expect(page.get_by_role("link", name="Chat with us")).to_be_visible()


def test_axe_finds_nothing(stage: Stage, site: str) -> None:
    page = opened(stage, site)
    button(page).click()
    expect(panel(page).locator("#body")).to_be_focused()
    report = Axe().run(page, options={"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}})
    assert [one["id"] for one in report.response["violations"]] == []
