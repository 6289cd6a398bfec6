"""Passkeys and the authenticator app, with a real browser and Chromium's own virtual authenticator."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.look import AXES_OWN, faults
from tests.services.chromium import watching
from tests.services.product import DEMO_PASSWORD, Product

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Person:
    page: Page
    device: CDPSession
    authenticator: str
    url: str

    def sign_in(self, email: str) -> None:
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(DEMO_PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def sign_out(self) -> None:
        self.page.goto(f"{self.url}/accounts/profile/")
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()

    def verified(self, verified: bool) -> None:
        """Whether the finger on the reader is the owner's."""
        facts = {"authenticatorId": self.authenticator, "isUserVerified": verified}
        self.device.send("WebAuthn.setUserVerified", facts)


@pytest.fixture(scope="module")
def desk() -> Iterator[Product]:
    with Product() as product:
        yield product


@pytest.fixture
def person(desk: Product, browser: Browser) -> Iterator[Person]:
    url = f"http://localhost:{desk.port}"
    with watching(url) as watch:
        watch.allow(AXES_OWN)
        page = watch.page(browser)
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        made = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield Person(page, device, str(made["authenticatorId"]), url)


def test_a_passkey_is_added_used_as_second_step_alone_and_removed(person: Person) -> None:
    page = person.page
    person.sign_in("alice@desk.example")
    page.goto(f"{person.url}/accounts/second-factor/")
    page.get_by_label("Name of the passkey").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is kept.")).to_be_visible()
    expect(page.locator("bdi", has_text="Laptop")).to_be_visible()

    person.sign_out()
    person.sign_in("alice@desk.example")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk/")

    person.sign_out()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")

    page.goto(f"{person.url}/accounts/second-factor/")
    page.get_by_role("link", name="Remove Laptop").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    person.sign_out()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    person.sign_in("alice@desk.example")
    page.wait_for_url("**/desk/")


def test_a_finger_that_is_not_the_owners_opens_nothing(person: Person) -> None:
    page = person.page
    person.sign_in("bob@desk.example")
    page.goto(f"{person.url}/accounts/second-factor/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is kept.")).to_be_visible()
    person.sign_out()
    person.verified(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used. Please try again.")).to_be_visible()
    page.goto(f"{person.url}/desk/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_app_is_set_up_by_its_words_and_signs_in(person: Person) -> None:
    page = person.page
    person.sign_in("sam@desk.example")
    page.goto(f"{person.url}/accounts/second-factor/app/")
    expect(page.get_by_role("img", name="QR code with the key below")).to_be_visible()
    key = base64.b32decode(re.sub(r"\s", "", page.locator(".key code").inner_text()))
    page.get_by_label("Code of six digits").fill(f"{totp(key):06d}")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert faults(page) == []
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download").click()
    text = kept.value.path().read_text()
    codes = page.locator(".codes code").all_inner_texts()
    assert all(code in text for code in codes)
    assert "sam@desk.example" in text
    page.get_by_role("link", name="I have kept them. Go on").click()
    person.sign_out()
    person.sign_in("sam@desk.example")
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk/")


def test_an_address_of_numbers_says_why_there_are_no_passkeys(desk: Product, browser: Browser) -> None:
    with watching(desk.url) as watch:
        page = watch.page(browser)
        page.goto(f"{desk.url}/accounts/login/")
        page.get_by_label("E-mail").fill("alice@desk.example")
        page.get_by_label("Password").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/desk/")
        page.goto(f"{desk.url}/accounts/second-factor/")
        expect(page.get_by_text(f"open http://localhost:{desk.port}/ instead")).to_be_visible()
