"""A button's settings page: what is typed is seen at once, as visitors will see it, and published only when saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Route, expect

from tests.browser.look import STANDARD, violations
from tests.chatdesk.test_admin_pages import signed_in
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]
SHOWN = ".preview-frame:not(.coming)"  # the next one is loaded behind it
DARK, LIGHT = "rgb(27, 29, 31)", "rgb(255, 255, 255)"
TALL = {"width": 1360, "height": 1100}  # what is fixed in a frame is not scrolled to
SNIPPET = """<a href="{desk}/chat/orders/" data-chatdesk="orders">Chat with us</a>
<script async src="{desk}/widget.js"></script>"""


def settings_of(watch: Watch, browser: Browser, product: Product, name: str = "sales", **options: Any) -> Page:
    page = signed_in(watch, browser, product, **{"viewport": TALL, **options})
    page.goto(f"{product.url}/admin/chatdesk/button/")
    page.get_by_role("link", name=name, exact=True).click()
    expect(launcher(page)).to_be_visible()
    return page


def stage(page: Page) -> FrameLocator:
    return page.frame_locator(SHOWN)


def launcher(page: Page) -> Locator:
    return stage(page).locator("button.open")


def chat(page: Page) -> FrameLocator:
    return stage(page).frame_locator("iframe")


def test_what_is_typed_is_shown_before_it_is_saved(watch: Watch, browser: Browser, live_product: Product) -> None:
    page = settings_of(watch, browser, live_product)
    title = page.locator("#id_title")
    title.focus()
    page.keyboard.press("End")
    page.keyboard.type(" and more")
    expect(chat(page).locator("#title")).to_have_text("Sales and more")
    expect(title).to_be_focused()  # the preview takes nobody's place
    page.locator("#id_label").fill("Ask us anything")
    page.locator("#id_colour").fill("#ffee00")
    expect(launcher(page)).to_contain_text("Ask us anything")
    expect(launcher(page)).to_have_css("background-color", "rgb(255, 238, 0)")
    expect(launcher(page)).to_have_css("color", "rgb(0, 0, 0)")
    expect(chat(page).locator(".btn.main").first).to_have_css("background-color", "rgb(255, 238, 0)")
    assert page.request.get(f"{live_product.url}/buttons/sales.json").json()["colour"] == "#14614a"
    before = page.evaluate("history.length")
    page.locator("#id_label").fill("Write to us")
    expect(launcher(page)).to_contain_text("Write to us")
    assert page.evaluate("history.length") == before


def test_a_preview_that_comes_late_does_not_stop_a_newer_one(
    watch: Watch, browser: Browser, live_product: Product
) -> None:
    page = settings_of(watch, browser, live_product)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/button/preview/**", hold)
    for number, words in enumerate(("Ask us", "Write to us"), start=1):
        page.locator("#id_label").fill(words)
        while len(held) < number:
            page.wait_for_timeout(50)
    for route, words in zip(held, ("Ask us", "Write to us"), strict=True):
        route.continue_()
        expect(launcher(page)).to_contain_text(words)
    expect(page.locator(".preview-frame")).to_have_count(1)


def test_every_state_in_light_and_dark_on_phone_and_desktop(
    watch: Watch, browser: Browser, live_product: Product
) -> None:
    page = settings_of(watch, browser, live_product)
    expect(chat(page).locator("#presence")).to_have_attribute("data-state", "online")
    page.get_by_label("As if").select_option("busy")
    expect(chat(page).locator("#presence-words")).to_have_text("All busy; you would be number 3")
    page.get_by_label("As if").select_option("masked")
    page.locator("#id_closed_text").fill("Holidays.")
    expect(chat(page).locator("#closed-text")).to_have_text("Holidays.")
    expect(launcher(page)).to_contain_text("Closed, opens")
    expect(chat(page).locator("body")).to_have_css("background-color", LIGHT)
    page.get_by_label("Colours").select_option("dark")
    expect(chat(page).locator("body")).to_have_css("background-color", DARK)
    page.get_by_role("button", name="Phone").click()
    box = page.locator(SHOWN).bounding_box()
    assert box
    assert box["width"] == 360
    page.get_by_role("button", name="Desktop").click()
    page.get_by_label("As if").select_option("offline")
    expect(chat(page).locator("#presence")).to_have_attribute("data-state", "offline")
    launcher(page).click()
    expect(stage(page).locator("iframe")).to_be_hidden()


def test_the_preview_sends_nothing(watch: Watch, browser: Browser, live_product: Product) -> None:
    page = settings_of(watch, browser, live_product)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.get_by_label("As if").select_option("busy")
    expect(chat(page).locator("#presence")).to_have_attribute("data-state", "busy")
    chat(page).locator("#body").fill("Is anybody there?")
    chat(page).locator("#body").press("Enter")
    chat(page).get_by_role("button", name="Send").click()
    page.wait_for_timeout(500)
    expect(chat(page).locator(".entry")).to_have_count(0)
    assert sockets == []


def test_a_new_button_is_made_with_texts_and_an_invitation(
    watch: Watch, browser: Browser, live_product: Product
) -> None:
    page = signed_in(watch, browser, live_product, viewport=TALL)
    page.goto(f"{live_product.url}/admin/chatdesk/button/add/")
    page.locator("#id_title").fill("Orders")
    expect(chat(page).locator("#title")).to_have_text("Orders")
    page.get_by_role("button", name="Add another Language").click()
    page.locator("#id_texts-0-language").select_option("de")
    page.locator("#id_texts-0-title").fill("Bestellungen")
    page.locator("#preview-language").select_option("de")
    expect(chat(page).locator("#title")).to_have_text("Bestellungen")
    page.get_by_role("button", name="Add another Invitation").click()
    page.locator("#id_invitations-0-texts").fill("May we help?")
    page.locator("#id_when_closed").select_option("message")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#id_invitations-0-texts")).to_have_value("May we help?")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-copied]")).to_have_text("Copied.")
    expect(page.locator("#embed-snippet")).to_have_value(SNIPPET.format(desk=live_product.url))
    german = page.request.get(f"{live_product.url}/chat/orders/", headers={"Accept-Language": "de"})
    assert "Bestellungen" in german.text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_sound(watch: Watch, browser: Browser, live_product: Product, scheme: str) -> None:
    page = settings_of(watch, browser, live_product, "support", color_scheme=scheme)
    watch.allow("Applying inline style")
    assert violations(page, STANDARD) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert violations(page, STANDARD) == []


def test_without_script_it_is_shown_on_demand(watch: Watch, browser: Browser, live_product: Product) -> None:
    signed = signed_in(watch, browser, live_product)
    page = watch.page(browser, java_script_enabled=False, storage_state=signed.context.storage_state())
    page.goto(f"{live_product.url}/admin/chatdesk/button/add/")
    page.get_by_role("button", name="Show").click()
    expect(stage(page).get_by_role("heading", name="Your web page")).to_be_visible()
