"""A visitor writes and is answered: the first message, receipts, coming back, ending, beginning anew."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage, holds_token, look, own_entry, says

pytestmark = [pytest.mark.browser, pytest.mark.once]
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
STORED_OPEN = f"""async () => {{
  for (let i = 0; i < 100 && !localStorage["chatdesk.plain.open"]; i++) await new Promise((go) => setTimeout(go, 50));
  return {STORED};
}}"""


def test_two_people_talk(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Is the linen jacket in stock in blue?")
        ref = olga.gets_chat("Is the linen jacket in stock in blue?")
        expect(visitor.locator("#title")).to_have_text("Olga, Shop")
        olga.send("entry.read", conversation=ref, seq=1)
        expect(visitor.locator(".entry.by-visitor .entry-state")).to_have_text("Read")
        olga.send("typing", conversation=ref)
        expect(visitor.locator("#typing")).to_have_text("Olga is writing…")
        seq = olga.says(ref, "Yes, S to L.")
        expect(visitor.locator(".entry.by-operator.entry-message")).to_contain_text("Yes, S to L.")
        olga.hears("entry.read", reader="visitor", seq=seq)
        expect(visitor.locator("#body")).to_be_focused()


def test_nothing_is_stored_before_the_first_message(stage: Stage) -> None:
    visitor = stage.visitor()
    visitor.fill("#body", "not yet")
    visitor.wait_for_timeout(500)
    assert json.loads(visitor.evaluate(STORED)) == [{}, {}, ""]
    assert visitor.context.cookies() == []
    visitor.press("#body", "Enter")
    expect(visitor.locator(".entry-state")).to_have_text("Sent")
    local, session, cookie = json.loads(visitor.evaluate(STORED_OPEN))
    assert sorted(local) == ["chatdesk.plain", "chatdesk.plain.open"]
    assert (session, cookie) == ({}, "")


def test_nobody_there_is_said_before_and_after(stage: Stage) -> None:
    visitor = stage.visitor()
    expect(visitor.locator("#presence")).to_have_attribute("data-state", "offline")
    expect(visitor.locator("#promise")).to_contain_text("your message is kept")
    says(visitor, "Hello?")
    expect(visitor.locator("#waiting")).to_have_text(
        "We have your message. Nobody is here right now. Your message is kept, and will be read when somebody is back."
    )
    other = stage.visitor()
    with stage.operator() as olga:
        expect(other.locator("#presence")).to_have_attribute("data-state", "online")
        expect(other.locator("#promise")).to_contain_text("somebody answers here")
        olga.gets_chat("Hello?")
        expect(visitor.locator("#waiting")).to_be_hidden()
        expect(visitor.locator("#presence")).to_have_text("Is with you now")


def test_the_queue_is_told_by_place(stage: Stage) -> None:
    with stage.operator("otto") as otto:
        pages = [stage.visitor("till") for _ in range(3)]
        for page in pages:
            says(page, "Me, please")
            expect(page.locator("#entries .entry-message")).to_have_count(1)
        expect(pages[1].locator("#waiting")).to_contain_text("You are next in the queue.")
        expect(pages[2].locator("#waiting")).to_contain_text("You are number 2 in the queue.")
        expect(pages[2].locator("#presence")).to_have_text("You are in the queue")
        late = stage.visitor("till")
        expect(late.locator("#presence")).to_have_text("All busy; you would be number 3")
        otto.send("conversation.close", conversation=otto.gets_chat("Me, please"))
        expect(pages[1].locator("#title")).to_have_text("Otto, Till")
        expect(pages[2].locator("#waiting")).to_contain_text("You are next in the queue.")
        for page in pages[1:]:
            end(page)


def end(page: Page) -> None:
    page.click("#end")
    page.click("#end-dialog button[value=end]")
    expect(page.locator("body")).to_have_attribute("data-state", "closed")


def test_coming_back_shows_the_conversation(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "I will be back")
        ref = olga.gets_chat("I will be back")
        holds_token(visitor)
        visitor.close()
        olga.says(ref, "We keep it for you")
        again = visitor.context.new_page()
        again.goto(visitor.url)
        expect(again.locator(".entry-message .entry-body")).to_have_text(["I will be back", "We keep it for you"])
        expect(again.locator("#title")).to_have_text("Olga, Shop")
        says(again, "Here I am")
        olga.hears("entry.posted", body="Here I am")


def test_text_is_shown_as_text(stage: Stage) -> None:
    nasty = '<img src=x onerror="window.hit=1"><b>bold</b> \u202etxt.exe'
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, nasty)
        olga.says(olga.gets_chat(nasty), nasty)
        bodies = visitor.locator(".entry-message .entry-body")
        expect(bodies).to_have_text([nasty.replace("\u202e", "[U+202E]")] * 2)
        assert visitor.locator(".entry-body *").count() == 0
        assert visitor.evaluate("window.hit") is None


def test_a_card_number_is_shown_as_it_was_stored(stage: Stage) -> None:
    visitor = stage.visitor()
    says(visitor, "Take 4111 1111 1111 1111, cvv 123")
    expect(visitor.locator(".entry.by-visitor .entry-body")).to_have_text("Take 4111 11•• •••• 1111, cvv •••")
    expect(visitor.locator(".entry-notice").first).to_contain_text("A card number was hidden")
    assert "1111 1111" not in visitor.evaluate(STORED)


def test_ending_asks_once(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Thanks")
        olga.gets_chat("Thanks")
        visitor.click("#end")
        expect(visitor.locator("#end-dialog")).to_be_visible()
        visitor.keyboard.press("Escape")
        expect(visitor.locator("#end-dialog")).to_be_hidden()
        expect(visitor.locator("#end")).to_be_focused()
        end(visitor)
        expect(visitor.locator("#composer")).to_be_hidden()
        expect(visitor.locator(".entry-message")).to_contain_text(["Thanks"])
        visitor.click("#again")
        says(visitor, "One more thing")
        expect(visitor.locator(".entry-message")).to_contain_text(["One more thing"])
        assert "Thanks" not in visitor.locator("#log").inner_text()


def test_an_end_by_the_desk_keeps_what_was_being_written(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Hello there")
        ref = olga.gets_chat("Hello there")
        visitor.fill("#body", "Half a sentence")
        olga.send("conversation.close", conversation=ref)
        expect(visitor.locator("#ended")).to_be_visible()
        visitor.click("#again")
        assert visitor.input_value("#body") == "Half a sentence"
        visitor.press("#body", "Enter")
        expect(visitor.locator(".entry-message")).to_contain_text(["Half a sentence"])


def test_a_lost_operator_is_told(stage: Stage) -> None:
    stage.watch.allow("401")  # her desk, which stands open behind, may ask once more
    with stage.operator(fresh=True) as olga:
        visitor = stage.visitor()
        says(visitor, "Are you there?")
        olga.gets_chat("Are you there?")
        expect(visitor.locator("#title")).to_have_text("Olga, Shop")
        olga.page.get_by_role("button", name="Sign out").click()
        expect(visitor.locator("#log")).to_contain_text("Olga lost the connection.")
        expect(visitor.locator("#waiting")).to_be_visible()
        expect(visitor.locator("#title")).to_have_text("Shop")


def test_unread_answers_are_counted_in_the_title(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "I look elsewhere meanwhile")
        ref = olga.gets_chat("I look elsewhere meanwhile")
        expect(visitor.locator(".entry-join")).to_be_visible()
        look(visitor, "hidden")
        olga.says(ref, "One")
        seq = olga.says(ref, "Two")
        expect(visitor).to_have_title("(2) Shop")
        assert not [mark for mark in olga.heard("entry.read") if mark["reader"] == "visitor" and mark["seq"] == seq]
        look(visitor, "visible")
        expect(visitor).to_have_title("Shop")
        olga.hears("entry.read", reader="visitor", seq=seq)


def test_two_tabs_are_one_visitor(stage: Stage) -> None:
    with stage.operator() as olga:
        first = stage.visitor()
        second = first.context.new_page()
        second.goto(first.url)
        expect(second.locator("#presence")).to_have_attribute("data-state", "online")
        says(first, "From the first")
        ref = olga.gets_chat("From the first")
        expect(second.locator(".entry-message")).to_contain_text(["From the first"])
        says(second, "From the second")
        expect(first.locator(".entry-message")).to_contain_text(["From the first", "From the second"])
        olga.hears("entry.posted", body="From the second")
        assert olga.said(ref)[-1] == "From the second"
        assert own_entry(first, "From the second") in ("Sent", "Delivered")


def test_the_form_is_asked_first(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("form")
        says(visitor, "My order is late")
        expect(visitor.locator("input[name=group]").first).to_be_focused()
        visitor.get_by_label("Shop").check()
        visitor.press("#body", "Enter")
        expect(visitor.locator("#field-email")).to_be_focused()
        assert visitor.input_value("#body") == "My order is late"
        visitor.fill("#field-email", "vera@example.com")
        visitor.press("#body", "Enter")
        olga.gets_chat("My order is late")
        expect(visitor.locator(".entry-message")).to_contain_text(["My order is late"])
        expect(visitor.locator(".intro")).to_be_hidden()


def test_a_message_too_long_is_not_cut(stage: Stage) -> None:
    visitor = stage.visitor()
    visitor.fill("#body", "x" * 10_003)
    expect(visitor.locator("#problem")).to_have_text("Too long by 3 characters.")
    visitor.press("#body", "Enter")
    assert len(visitor.input_value("#body")) == 10_003
    assert visitor.locator(".entry").count() == 0
