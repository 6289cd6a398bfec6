"""The pages of accounts in a real browser: no violation of axe, no error on the console, no sideways scrolling."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.accounts.pictures import picture
from tests.services.chromium import Watch
from tests.services.product import DEMO_PASSWORD, Product

pytestmark = pytest.mark.browser

SCREENS: list[tuple[Literal["light", "dark"], int]] = [("light", 360), ("dark", 768), ("light", 1360)]
DOORS = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/sent/",
    "/accounts/password/set/x/y/",
]
OWN = ["/accounts/profile/", "/accounts/password/"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    page.goto("/accounts/login/?next=/accounts/profile/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html']}" for item in found]


def assert_calm(page: Page) -> None:
    for scheme, width in SCREENS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def page(watch: Watch, browser: Browser, live_product: Product) -> Page:
    return watch.page(browser, base_url=live_product.url, viewport={"width": 1360, "height": 800})


def test_every_page_is_open_to_everybody(page: Page, watch: Watch) -> None:
    watch.allow("404")
    for path in [*DOORS, "/no/such/page/"]:
        page.goto(path)
        assert_calm(page)
    sign_in(page, "cora@desk.example")
    for path in OWN:
        page.goto(path)
        assert_calm(page)


def test_refusals_are_open_to_everybody(page: Page, watch: Watch) -> None:
    watch.allow("400", "403")
    sign_in(page, "cora@desk.example", "wrong")
    assert_calm(page)
    sign_in(page, "cora@desk.example")
    page.goto("/admin/")
    assert page.get_by_role("heading").inner_text() == "This page is not open to you"
    assert_calm(page)
    page.goto("/accounts/profile/")
    page.get_by_label("Choose a photo").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no"})
    page.get_by_role("button", name="Use this photo").click()
    page.get_by_text("This is not a picture we can read.").wait_for()
    assert_calm(page)


def test_the_locked_page_is_open_to_everybody(page: Page, watch: Watch) -> None:
    watch.allow("429")
    for _ in range(5):
        sign_in(page, "nobody@desk.example", "wrong")
    assert page.get_by_role("heading").inner_text() == "Too many tries"
    assert_calm(page)


def test_a_person_sees_a_new_photo_and_takes_it_away(page: Page) -> None:
    sign_in(page, "sam@desk.example")
    file: FilePayload = {"name": "sam.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (900, 600))}
    page.get_by_label("Choose a photo").set_input_files(file)
    page.get_by_role("button", name="Use this photo").click()
    page.get_by_text("Your photo is changed.").wait_for()
    shown = page.locator(".avatar.large img")
    assert shown.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])") == [256, 256]
    page.get_by_role("button", name="Remove the photo").click()
    page.get_by_text("Your photo is removed.").wait_for()
    assert shown.count() == 0


def test_the_keyboard_alone_signs_in_and_out(page: Page) -> None:
    page.goto("/accounts/login/?next=/accounts/profile/")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("sam@desk.example")
    page.keyboard.press("Tab")
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your profile").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_forgotten_password_is_set_by_the_mail(page: Page, live_product: Product) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill("cora@desk.example")
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    told = live_product.output_soon("/accounts/password/set/", seconds=20)
    links = re.findall(r"^http\S+/accounts/password/set/\S+$", told, re.MULTILINE)
    page.goto(links[-1])
    page.get_by_label("New password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_label("New password, once more").fill(DEMO_PASSWORD)
    assert_calm(page)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_text("Your password is set. Sign in with it.").wait_for()
    sign_in(page, "cora@desk.example")
    page.get_by_role("heading", name="Your profile").wait_for()


def test_right_to_left_mirrors_the_page(watch: Watch, browser: Browser, live_product: Product) -> None:
    page = watch.page(browser, base_url=live_product.url, locale="ar", viewport={"width": 768, "height": 800})
    sign_in_in_any_language(page)
    name, nav = page.locator(".site-name").bounding_box(), page.locator(".site-nav").bounding_box()
    assert name is not None
    assert nav is not None
    assert name["x"] > nav["x"]
    assert_calm(page)


def sign_in_in_any_language(page: Page) -> None:
    page.goto("/accounts/login/?next=/accounts/profile/")
    page.locator("[name=username]").fill("sam@desk.example")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button").click()
    page.locator(".profile").wait_for()
