"""The chat page in a browser without script: it sends, shows, looks for answers, and ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def plain(stage: Stage) -> Page:
    return stage.visitor(java_script_enabled=False)


def sends(page: Page, text: str) -> None:
    page.fill("#body", text)
    page.get_by_role("button", name="Send").click()


def test_it_sends_and_looks_for_answers(stage: Stage, plain: Page) -> None:
    with stage.operator() as olga:
        sends(plain, "Without script")
        expect(plain.locator(".entry-message")).to_contain_text(["Without script"])
        ref = olga.gets_chat("Without script")
        plain.fill("#body", "Half written")
        olga.says(ref, "It works all the same")
        fresh = plain.frame_locator("iframe.news").locator(".by-operator.entry-message .entry-body")
        expect(fresh).to_have_text(["It works all the same"], timeout=20_000)
        plain.get_by_role("button", name="Show the whole conversation").click()
        expect(plain.locator(".by-operator.entry-message .entry-body")).to_have_text(["It works all the same"])
        expect(plain.locator("#title")).to_have_text("Olga, Shop")
        assert plain.input_value("#body") == "Half written"
        plain.get_by_role("button", name="Send").click()
        olga.hears("entry.posted", body="Half written")
        expect(plain.locator("#entries .entry-message")).to_have_count(3)


def test_only_what_works_is_offered(plain: Page) -> None:
    expect(plain.locator("#attach")).to_be_hidden()
    expect(plain.get_by_role("button", name="Send")).to_be_visible()


def test_it_ends_after_a_question(stage: Stage, plain: Page) -> None:
    with stage.operator() as olga:
        sends(plain, "That was all")
        ref = olga.gets_chat("That was all")
        plain.get_by_role("link", name="End chat").click()
        plain.get_by_role("button", name="End chat").click()
        expect(plain.locator("#ended")).to_be_visible()
        expect(plain.locator("#body")).to_be_hidden()
        olga.hears("conversation.state", conversation=ref, state="closed")
        plain.get_by_role("link", name="Start a new one").click()
        sends(plain, "One more")
        expect(plain.locator(".entry-message")).to_contain_text(["One more"])
        olga.gets_chat("One more")


def test_looking_for_answers_can_be_stopped(plain: Page) -> None:
    sends(plain, "Do not disturb me")
    frame = plain.frame_locator("iframe.news")
    expect(frame.locator("meta[http-equiv=refresh]")).to_have_count(1)
    frame.get_by_role("link", name="Stop looking").click()
    expect(frame.locator("meta[http-equiv=refresh]")).to_have_count(0)
    expect(frame.get_by_role("link", name="Look for new messages")).to_be_visible()


def test_script_goes_on_where_forms_left_off(stage: Stage) -> None:
    with stage.operator() as olga:
        first = stage.visitor(java_script_enabled=False)
        sends(first, "First by a form")
        ref = olga.gets_chat("First by a form")
        window = stage.watch.page(stage.browser, storage_state=first.context.storage_state())
        window.goto(f"{stage.product.url}/chat/plain/")
        expect(window.locator("#entries .entry-message")).to_contain_text(["First by a form"])
        window.fill("#body", "Then by script")
        window.press("#body", "Enter")
        expect(window.locator("#entries .entry-message")).to_have_count(2)
        olga.hears("entry.posted", body="Then by script", conversation=ref)
