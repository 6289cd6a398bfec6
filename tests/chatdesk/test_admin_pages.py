"""The settings pages in real Chromium: they work under the strict policy, in light and dark, and axe finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = pytest.mark.browser
PAGES = (
    "",
    "accounts/user/",
    "accounts/usertype/",
    "routing/group/1/change/",
    "chatdesk/button/",
    "chatdesk/waitingrules/1/change/",
    "chatdesk/sitesettings/",
)


def signed_in(watch: Watch, browser: Browser, product: Product, **options: Any) -> Page:
    page = watch.page(browser, **options)
    page.goto(f"{product.url}/accounts/login/?next=/admin/")
    page.get_by_label("E-mail").fill("ada@desk.example")
    page.locator("input[type=password]").fill(product.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{product.url}/admin/")
    return page


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[node['target'] for node in v['nodes']]}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_sound_in_light_and_dark(scheme: str, watch: Watch, browser: Browser, live_product: Product) -> None:
    page = signed_in(watch, browser, live_product, color_scheme=scheme)
    for path in PAGES:
        page.goto(f"{live_product.url}/admin/{path}", wait_until="networkidle")
        assert watch.unexpected() == [], path
    watch.allow("Applying inline style")  # axe's own, which it tries on what it inspects
    for path in PAGES:
        page.goto(f"{live_product.url}/admin/{path}")
        assert violations(page) == [], path


@pytest.mark.parametrize("path", ["/", "/help/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_and_help_are_sound(
    path: str, scheme: str, watch: Watch, browser: Browser, live_product: Product
) -> None:
    page = watch.page(browser, color_scheme=scheme)
    page.goto(f"{live_product.url}{path}")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_member_is_added_by_searching_a_name(watch: Watch, browser: Browser, live_product: Product) -> None:
    page = signed_in(watch, browser, live_product)
    page.get_by_role("link", name="Routing groups", exact=True).first.click()
    page.get_by_role("link", name="Sales", exact=True).click()
    page.get_by_role("button", name="Add another Member").click()
    page.locator("#memberships-1 .select2-selection").click()
    page.locator(".select2-search__field").fill("Sam")
    page.get_by_role("option", name="Sam").click()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#memberships-1 .select2-selection")).to_contain_text("Sam")
    page.locator("#id_memberships-1-DELETE").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
