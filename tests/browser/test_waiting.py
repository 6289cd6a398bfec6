"""Waiting, as a visitor sees it: a range, a word now and then, a choice in time, and a message that is not lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.look import faults
from tests.browser.stage import Stage, look, says
from tests.browser.waiting_room import seed, waiting_room
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]

RANGE = "about 2 to 5 minutes"


@pytest.fixture(scope="module")
def room() -> Iterator[Product]:
    with waiting_room() as product:
        seed(product)
        yield product


@pytest.fixture
def product(room: Product) -> Product:
    return room


@pytest.fixture
def stage(product: Product, browser: Browser, watch: Watch) -> Stage:
    return Stage(product, browser, watch, {})


def asked(page: Page) -> None:
    expect(page.locator("#choice")).to_be_visible(timeout=15_000)


def leaves(page: Page) -> None:
    page.click("#end")
    page.click("#end-dialog button[value=end]")
    expect(page.locator("#ended")).to_be_visible()


def keeps_message(stage: Stage, words: str) -> Page:
    page = stage.visitor("lamps")
    says(page, words)
    asked(page)
    page.get_by_role("button", name="Leave it as a message").click()
    expect(page.locator("#waiting")).to_contain_text("Your message is kept.")
    return page


# --- the range -------------------------------------------------------------------------------------------------------


def test_the_wait_is_a_range_and_a_place(stage: Stage) -> None:
    with stage.operator("bert") as bert:
        first = stage.visitor("busy")
        says(first, "I am first")
        bert.gets_chat("I am first")
        second, third = stage.visitor("busy"), stage.visitor("busy")
        says(second, "I am second")
        expect(second.locator("#waiting")).to_contain_text("You are next in the queue.")
        says(third, "I am third")
        expect(third.locator("#waiting")).to_contain_text("You are number 2 in the queue.")
        expect(third.locator("#waiting")).to_contain_text(RANGE)
        leaves(second)
        expect(third.locator("#waiting")).to_contain_text("You are next in the queue.")
        leaves(third)


def test_changes_are_told_to_screen_readers_in_time(stage: Stage) -> None:
    """At once what is new, then at most every half minute, and in the end what holds by then."""
    with stage.operator("bert") as bert:
        held = stage.visitor("busy")
        says(held, "Held")
        bert.gets_chat("Held")
        before, page = stage.visitor("busy"), stage.visitor("busy")
        says(before, "Before")
        expect(before.locator("#waiting")).to_be_visible()
        page.clock.install()
        says(page, "Tell me")
        spoken = page.locator("#spoken")
        expect(page.locator("#waiting")).to_contain_text("number 2")
        page.clock.run_for(100)
        expect(spoken).to_contain_text("number 2")
        leaves(before)
        expect(page.locator("#waiting")).to_contain_text("You are next")
        page.clock.run_for(20_000)
        expect(spoken).to_contain_text("number 2")
        page.clock.run_for(11_000)
        expect(spoken).to_contain_text("You are next")


# --- the choice ------------------------------------------------------------------------------------------------------


def test_a_word_now_and_then(stage: Stage) -> None:
    page = stage.visitor("lamps")
    says(page, "Anybody?")
    look(page, "hidden")
    expect(page.locator(".entry-notice")).to_have_count(1, timeout=15_000)
    expect(page.locator(".entry-notice .entry-body")).to_have_text("Thank you for waiting.")
    assert page.title() == "Lamps"  # it calls nobody back to the page


def test_keeping_on_puts_the_question_away(stage: Stage) -> None:
    page = stage.visitor("lamps")
    says(page, "I can wait")
    asked(page)
    page.get_by_role("button", name="Keep waiting").click()
    expect(page.locator("#choice")).to_be_hidden()
    expect(page.locator("#body")).to_be_focused()
    asked(page)  # again after twice the time


def test_a_message_is_left_and_answered(stage: Stage) -> None:
    page = keeps_message(stage, "Which lamp is blue?")
    expect(page.locator("#presence-words")).to_have_text("Your message is kept")
    says(page, "It may also be green")
    expect(page.locator(".entry-message")).to_have_count(2)
    with stage.operator("lena") as lena:
        expect(page.get_by_role("button", name="Wait for somebody")).to_be_visible()
        ref = newest(lena.page)
        assert lena.send("conversation.take", conversation=ref)["type"] == "ok"
        lena.says(ref, "The second one")
        expect(page.locator(".by-operator .entry-body").last).to_have_text("The second one")
        expect(page.locator("#title")).to_have_text("Lena, Lamps")
        expect(page.locator("#waiting")).to_be_hidden()
        expect(page.locator("#choice")).to_be_hidden()
        lena.send("conversation.close", conversation=ref)


def newest(desk: Page) -> str:
    """The reference of the last message in the desk's list."""
    answer = desk.evaluate("fetch('/desk/lists/messages/', {headers: {'HX-Request': 'true'}}).then((a) => a.text())")
    return str(re.findall(r'<li data-ref="([^"]+)"', answer)[-1])


def test_an_address_is_asked_only_by_who_wants_mail(stage: Stage) -> None:
    page = stage.visitor("lamps")
    says(page, "Write to me")
    asked(page)
    expect(page.locator("#mail-address")).to_be_hidden()
    page.get_by_role("link", name="Tell me by mail").click()
    expect(page.locator("#mail-address")).to_be_focused()
    expect(page.locator("#mail-promise")).to_contain_text("Then the address is deleted.")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("link", name="Tell me by mail")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("vera@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_contain_text("We write to you by mail when there is an answer here.")
    page.reload()
    expect(page.locator("#waiting")).to_contain_text("We write to you by mail")
    assert "vera@example.com" not in page.content()


def test_a_refusal_is_said_where_it_was_chosen(stage: Stage) -> None:
    page = stage.visitor("lamps")
    says(page, "My address is odd")
    asked(page)
    page.get_by_role("link", name="Tell me by mail").click()
    page.locator("#mail-form").evaluate("(form) => { form.noValidate = true }")
    page.fill("#mail-address", "vera@")
    page.keyboard.press("Enter")
    expect(page.locator("#choice-problem")).to_have_text("This e-mail address doesn't look right.")
    expect(page.locator("#waiting")).to_contain_text("We have your message.")


# --- without script --------------------------------------------------------------------------------------------------


def test_without_script_a_message_is_left(stage: Stage) -> None:
    page = stage.visitor("lamps", java_script_enabled=False)
    page.fill("#body", "By forms alone")
    page.get_by_role("button", name="Send").click()
    news = page.frame_locator("iframe.news")
    news.get_by_role("button", name="Leave it as a message").click(timeout=30_000)
    expect(page.locator("#presence-words")).to_have_text("Your message is kept")
    expect(news.locator(".card").first).to_contain_text("Somebody will answer it here")


def test_without_script_an_address_has_a_step_of_its_own(stage: Stage) -> None:
    page = stage.visitor("lamps", java_script_enabled=False)
    page.fill("#body", "By forms and mail")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#choice")).to_be_hidden()
    page.frame_locator("iframe.news").get_by_role("link", name="Tell me by mail").click(timeout=30_000)
    page.fill("#mail-address", "vera@example.com")
    page.locator("#mail-form").get_by_role("button").click()
    expect(page.frame_locator("iframe.news").locator(".card").first).to_contain_text("We write to you by mail")
    assert "vera@example.com" not in page.content()


# --- the look --------------------------------------------------------------------------------------------------------


def test_every_step_is_for_every_reader(stage: Stage) -> None:
    page = stage.visitor("lamps")
    says(page, "Can everybody read this?")
    asked(page)
    assert faults(page) == []
    page.get_by_role("link", name="Tell me by mail").click()
    assert faults(page) == []
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Leave it as a message").click()
    expect(page.locator("#waiting")).to_contain_text("Your message is kept.")
    assert faults(page) == []
