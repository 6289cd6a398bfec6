"""A new admin builds a company by the help pages alone, and then each rule bites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.accounts.directory.corp import CORRECT, Corp
from tests.browser.desk.window import DeskWindow
from tests.browser.host_page import host_page
from tests.browser.stage import says
from tests.browser.story.company import Member, Newcomer, picture, sign_in
from tests.services.chromium import Watch
from tests.services.openldap import ROOT_DN, ROOT_PASSWORD, OpenLdap
from tests.services.product import Product

# A whole company is built before the first test.
pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(420)]

ALWAYS = {f"day_{day}": "00:00-24:00" for day in range(7)}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
REFUSED = "Failed to load resource"  # the browser itself logs answers of 4xx


def in_three_days() -> str:
    return WEEKDAYS[(datetime.now(UTC) + timedelta(days=3)).weekday()]


@pytest.fixture(scope="module")
def company_product() -> Iterator[Product]:
    with Product(demo=False, env={"CHATDESK_LIMITS": "off"}) as product:
        yield product


@pytest.fixture(scope="module")
def ada(company_product: Product, browser: Browser) -> Iterator[Newcomer]:
    """The admin, with the company built: every step was read in the help before it was done."""
    watching = Watch(company_product.url)
    newcomer = Newcomer(watching.page(browser, viewport={"width": 1360, "height": 900}), company_product)
    newcomer.arrives()
    reads_where_to_begin(newcomer)
    sets_hours(newcomer)
    makes_types(newcomer)
    invites_people(newcomer, browser, watching)
    makes_departments(newcomer)
    makes_buttons(newcomer)
    assert watching.unexpected() == []
    yield newcomer
    watching.close()


@pytest.fixture
def openldap() -> Iterator[OpenLdap]:
    with OpenLdap() as server:
        yield server


@pytest.fixture
def product(company_product: Product) -> Product:
    return company_product


def reads_where_to_begin(ada: Newcomer) -> None:
    ada.reads("", "Build a company", "Opening hours", "User types", "People", "Departments", "Buttons", "Coverage")


def sets_hours(ada: Newcomer) -> None:
    ada.reads("routing/hours/add/", "Hours and holidays", "Special days", "every year", "09:00-12:00")
    ada.adds("routing/hours", "hours", name="Always", zone="UTC", **ALWAYS)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    holiday = {"date": today, "yearly": True, "name": "Founder's day"}
    ada.adds("routing/hours", "holiday", name="Billing", zone="UTC", **ALWAYS, rows={"special_days": [holiday]})
    expect(ada.page.locator("#result_list")).to_contain_text("Billing")
    picture(ada.page, "hours-list")


def makes_types(ada: Newcomer) -> None:
    ada.reads("accounts/usertype/add/", "User types", "Log-in windows", "Authorised networks", "second factor")
    shift = {"weekday": in_three_days(), "start": "17:45", "end": "22:15"}
    ada.adds("accounts/usertype", "type-evening", name="Operator, evening", zone="UTC", rows={"windows": [shift]})
    ada.adds("accounts/usertype", "type-office", name="Operator, office", zone="UTC", networks="192.0.2.0/24")
    ada.adds("accounts/usertype", "type-second", name="Operator, second step", needs_second_factor=True)
    ada.adds("accounts/usertype", "type-lead", name="Team lead", see="all chats", monitor="all chats", whispers=True)


def invites_people(ada: Newcomer, browser: Browser, watch: Watch) -> None:
    ada.reads("accounts/user/add/", "People", "display name", "link to choose a password")
    ada.invites("olga", "Operator")
    ada.invites("evan", "Operator, evening")
    ada.invites("otto", "Operator, office")
    ada.invites("tess", "Operator, second step")
    for name in list(ada.links):
        ada.welcomes(browser, watch, name)


def makes_departments(ada: Newcomer) -> None:
    ada.reads("routing/group/add/", "Departments", "chat limit", "opening hours", "Overflow")
    for name, hours, person in [
        ("Sales", "Always", "Olga"), ("Support", "Always", "Tess"), ("Billing", "Billing", "Evan")
    ]:  # fmt: skip
        members = [{"user": Member(person), "chat_limit": "3"}]
        ada.adds("routing/group", f"group-{name}", name=name, hours=hours, rows={"memberships": members})


def makes_buttons(ada: Newcomer) -> None:
    ada.reads("chatdesk/button/add/", "Buttons", "allowed sites", "Greyed is the honest choice")
    for name in ("Sales", "Support", "Billing"):
        facts = {"title": name, "group": name, "allowed_sites": "http://127.0.0.1:*"}
        ada.adds("chatdesk/button", f"button-{name}", **facts)


# --- and then each rule bites ---


def test_outside_the_window_the_page_says_when_it_opens(ada: Newcomer, watch: Watch, browser: Browser) -> None:
    watch.allow(REFUSED)
    page = watch.page(browser)
    sign_in(page, ada.product.url, "evan@company.example")
    expect(page.locator("main")).to_contain_text("outside your log-in hours")
    expect(page.locator("main")).to_contain_text(f"You can sign in again on {in_three_days()} at 17:45")
    picture(page, "bite-hours")


def test_from_the_wrong_network_nobody_gets_in(ada: Newcomer, watch: Watch, browser: Browser) -> None:
    watch.allow(REFUSED)
    page = watch.page(browser)
    sign_in(page, ada.product.url, "otto@company.example")
    expect(page.locator("main")).to_contain_text("may not be signed in from where you are")
    picture(page, "bite-network")


def test_without_a_second_factor_its_set_up_is_all_that_opens(ada: Newcomer, watch: Watch, browser: Browser) -> None:
    watch.allow(REFUSED)
    page = watch.page(browser)
    sign_in(page, ada.product.url, "tess@company.example")
    page.wait_for_url("**/accounts/second-factor/**")
    picture(page, "bite-second-factor")
    page.goto(f"{ada.product.url}/desk/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_a_closed_button_is_greyed_and_says_when_it_opens(ada: Newcomer, watch: Watch, browser: Browser) -> None:
    page = watch.page(browser, timezone_id="UTC", locale="en-GB")
    page.goto(f"{ada.product.url}/chat/billing/")
    expect(page.locator("#presence")).to_contain_text("Closed right now")
    expect(page.locator("#opens")).to_contain_text("We open")
    picture(page, "bite-closed-page")
    with host_page(watch, ada.product.url, "billing") as address:
        page.goto(address)
        expect(page.locator("button.open")).to_contain_text("Closed")
        picture(page, "bite-closed-button")


def test_the_open_one_answers(ada: Newcomer, watch: Watch, browser: Browser) -> None:
    olga = DeskWindow(watch.context(browser), ada.product, "olga", company="company.example")
    visitor = watch.page(browser)
    visitor.goto(f"{ada.product.url}/chat/sales/")
    expect(visitor.locator("#presence")).to_have_attribute("data-state", "online")
    says(visitor, "Do you sell to companies?")
    expect(olga.page.locator(".row", has_text="Do you sell to companies?")).to_be_visible()
    expect(visitor.locator("#title")).to_contain_text("Olga")
    picture(olga.page, "bite-open-desk")
    picture(visitor, "bite-open-visitor")


def test_people_of_a_directory_come_in_by_their_group(
    ada: Newcomer, openldap: OpenLdap, watch: Watch, browser: Browser
) -> None:
    corp = Corp(openldap)
    ann = corp.person("ann")
    corp.person("zoe")  # in no group that counts
    ada.reads("accounts/directory/add/", "Connect a directory", "service account", "Nobody can sign in who is in none")
    desk = [{"dn": corp.group("desk", ann), "user_type": "Operator"}]
    ada.adds(
        "accounts/directory", "directory", name="Corp", servers=openldap.url, **account(corp), rows={"groups": desk}
    )
    page = watch.page(browser)
    sign_in(page, ada.product.url, "ann", CORRECT)
    page.wait_for_url("**/desk/")
    picture(page, "bite-directory")
    watch.allow(REFUSED)
    page = watch.page(browser)
    sign_in(page, ada.product.url, "zoe", CORRECT)
    expect(page.locator(".errorlist, .notice.error").first).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def account(corp: Corp) -> dict[str, str]:
    """What the form says of OpenLDAP, and who asks."""
    return {
        "bind_dn": ROOT_DN,
        "bind_password": ROOT_PASSWORD,
        "base": corp.branch,
        "people_filter": "(objectClass=inetOrgPerson)",
        "uid_attribute": "entryUUID",
        "photo_attribute": "jpegPhoto",
        "group_filter": "(objectClass=groupOfNames)",
    }


def test_ada_cannot_shut_herself_out(ada: Newcomer) -> None:
    ada.page.goto(f"{ada.product.url}/admin/accounts/usertype/")
    ada.page.get_by_role("link", name="Admin", exact=True).last.click()
    ada.page.locator("[name=networks]").fill("192.0.2.0/24")
    ada.page.locator("input[name=_save]").click()
    expect(ada.page.locator(".errorlist")).to_contain_text("lock you out yourself")
    picture(ada.page, "bite-own-network")


def test_coverage_says_where_nobody_can_be(ada: Newcomer) -> None:
    ada.reads("coverage/", "Coverage: who is there when", "has nobody")
    expect(ada.page.locator("#content")).to_contain_text("Billing")
    picture(ada.page, "coverage")
    ada.reads("review/", "Read the yearly review", "People without a second factor")
    expect(ada.page.locator("#content")).to_contain_text("Olga")
    picture(ada.page, "review")


def test_the_audit_log_has_every_step(ada: Newcomer) -> None:
    ada.reads("accounts/auditentry/", "The audit log", "Nobody can change or delete it")
    for step in ("Operator, evening", "Sales", "Ada"):
        expect(ada.page.locator("#content")).to_contain_text(step)
    picture(ada.page, "audit")


def test_nothing_is_left_to_advise_but_the_second_step(ada: Newcomer) -> None:
    ada.page.goto(f"{ada.product.url}/admin/")
    picture(ada.page, "index")
    expect(ada.page.locator(".advice")).to_have_count(0)
