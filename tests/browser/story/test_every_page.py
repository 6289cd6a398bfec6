"""Every page there is, as each kind of person opens it: axe, light and dark, narrow and wide, and a quiet console."""

from __future__ import annotations

import secrets

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Sits
from tests.browser.desk.window import DeskWindow
from tests.browser.host_page import host_page
from tests.browser.look import AXES_OWN, STANDARD, faults, sticks_out
from tests.browser.operator_line import sign_in
from tests.browser.story.conftest import Visits
from tests.browser.story.visitor import VisitorWindow
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]

ANYBODY = [
    "/", "/help/", "/help/admin/user-types/", "/help/operator/several-chats/", "/help/?q=second+step",
    "/chat/", "/chat/sales/", "/chat/sales/?embed=1", "/accounts/login/", "/accounts/password/reset/",
    "/accounts/password/reset/sent/", "/accounts/password/set/x/y/", "/first-run/gone/", "/no/such/page/",
    "/chat/no-such-button/", "/return/", "/return/leads-nowhere/",
]  # fmt: skip
OWN = [
    "/accounts/profile/", "/accounts/password/", "/accounts/second-factor/", "/accounts/second-factor/app/",
    "/accounts/confirm/", "/admin/", "/desk/", "/desk/conversations/unknown/", "/",
]  # fmt: skip
SETTINGS = {
    "people": [
        "", "accounts/user/", "accounts/user/add/", "accounts/user/2/change/", "accounts/user/2/password/",
        "accounts/user/2/history/", "accounts/user/2/delete/", "accounts/directory/", "accounts/directory/add/",
    ],
    "work": [
        "accounts/usertype/", "accounts/usertype/add/", "accounts/usertype/1/change/", "routing/group/",
        "routing/group/add/", "routing/group/1/change/",
    ],
    "buttons": [
        "chatdesk/button/", "chatdesk/button/add/", "chatdesk/button/1/change/", "chatdesk/sitesettings/1/change/",
    ],
}  # fmt: skip
RECORDS = [
    "chatdesk/conversation/", "chatdesk/conversation/1/change/", "chatdesk/entry/", "chatdesk/entry/1/change/",
    "chatdesk/file/", "axes/accessattempt/",
]  # fmt: skip
UNSEEN = ["400.html", "403_csrf.html", "500.html"]  # what no good page leads to
REFUSED = "Failed to load resource"  # the browser itself logs answers of 4xx


@pytest.fixture
def page(watch: Watch, browser: Browser, product: Product) -> Page:
    watch.allow(REFUSED)
    return watch.page(browser, base_url=product.url, viewport={"width": 360, "height": 740})


@pytest.fixture
def talk(sits: Sits, visits: Visits) -> tuple[DeskWindow, VisitorWindow]:
    """Alice and Vera, with a few words and a file between them."""
    alice, vera = sits("alice"), visits()
    vera.asks(secrets.token_hex(100))  # a long word, and no other talk begins with it
    alice.open(vera.ref)
    alice.reply("Yes: https://shop.example/" + "jackets" * 30)
    vera.sends_file("Donaudampfschifffahrt" * 4 + ".txt", b"hello")
    expect(alice.page.locator("#entries .entry-file")).to_be_visible()
    vera.page.locator("#body").press_sequentially("and in")
    expect(alice.page.locator("#preview")).to_be_visible()
    return alice, vera


def all_faults(page: Page, watch: Watch, paths: list[str]) -> list[str]:
    """Walk through the pages: first what they say on the console by themselves, then what axe says of them."""
    found: list[str] = []
    for path in paths:
        page.goto(path)
        found += [f"{path}: {one}" for one in watch.unexpected()]
        watch.problems.clear()
        found += faults(page)
        watch.problems = [one for one in watch.problems if AXES_OWN not in one]
    return found


def is_calm(found: list[str]) -> None:
    assert not found, "\n".join(found)


def test_what_anybody_may_open(page: Page, watch: Watch) -> None:
    is_calm(all_faults(page, watch, ANYBODY))


@pytest.mark.parametrize("name", ["alice", "cora"])
def test_what_people_who_work_here_may_open(page: Page, watch: Watch, product: Product, name: str) -> None:
    sign_in(page.context, product, name)
    is_calm(all_faults(page, watch, OWN))


@pytest.mark.parametrize("part", SETTINGS)
def test_what_admins_set_up(page: Page, watch: Watch, product: Product, part: str) -> None:
    sign_in(page.context, product, "ada")
    is_calm(all_faults(page, watch, [f"/admin/{path}" for path in SETTINGS[part]]))


@pytest.mark.usefixtures("talk")
def test_the_record_as_admins_read_it(page: Page, watch: Watch, product: Product) -> None:
    sign_in(page.context, product, "ada")
    is_calm(all_faults(page, watch, [f"/admin/{path}" for path in RECORDS]))


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_should_see(page: Page, watch: Watch, name: str) -> None:
    def show(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=render_to_string(name))

    page.route("**/broken/", show)
    is_calm(all_faults(page, watch, ["/broken/"]))


def test_a_talk_as_both_see_it(talk: tuple[DeskWindow, VisitorWindow], watch: Watch) -> None:
    watch.allow(AXES_OWN)
    alice, vera = talk
    is_calm(faults(alice.page) + faults(vera.page))
    vera.page.click("#end")
    is_calm(faults(vera.page))
    vera.page.click("#end-dialog button[value=end]")
    expect(alice.page.locator("#read-only")).to_be_visible()
    expect(vera.page.locator("#ended")).to_be_visible()
    is_calm(faults(alice.page) + faults(vera.page))


def test_a_host_page_with_its_button(watch: Watch, browser: Browser, product: Product) -> None:
    watch.allow(AXES_OWN)
    with host_page(watch, product.url, "sales") as address:
        page = watch.page(browser)
        page.goto(address)
        expect(page.locator("button.open")).to_be_visible()
        is_calm(faults(page, STANDARD))
        page.locator("button.open").click()
        expect(page.frame_locator("iframe").locator("#body")).to_be_visible()
        is_calm(faults(page, STANDARD))


def test_from_right_to_left_nothing_sticks_out(
    watch: Watch, browser: Browser, product: Product, talk: tuple[DeskWindow, VisitorWindow]
) -> None:
    watch.allow(REFUSED)
    page = watch.page(browser, base_url=product.url, locale="ar", viewport={"width": 360, "height": 740})
    sign_in(page.context, product, "ada")
    settings = [f"/admin/{path}" for part in (*SETTINGS.values(), RECORDS) for path in part]
    wrong: list[str] = []
    for path in [*ANYBODY, *OWN, *settings, f"/desk/conversations/{talk[1].ref}/"]:
        page.goto(path)
        if page.evaluate("document.documentElement.dir") != "rtl":
            wrong.append(f"{path} is written from left to right")
        wrong += [f"{path}: {html}" for html in sticks_out(page)]
    is_calm(wrong)
