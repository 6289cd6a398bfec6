"""Take, transfer, close, and the person's own status, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.browser.desk.window import DeskWindow

pytestmark = pytest.mark.browser


@pytest.fixture
def alice_away(sits: Sits) -> Iterator[DeskWindow]:
    """alice, who is given nothing."""
    alice = sits("alice")
    alice.choose_status("away")
    yield alice
    alice.choose_status("available")


def test_a_waiting_chat_is_taken_by_hand(alice_away: DeskWindow, visits: Visits) -> None:
    alice, vera = alice_away, visits("Is anybody there?")
    expect(alice.page.locator("#tab-waiting .count")).to_have_text("1")
    alice.look_at("waiting")
    expect(alice.row(vera.ref)).to_contain_text("waits")
    alice.open(vera.ref)
    expect(alice.page.locator("#read-only")).to_contain_text("Take this chat to answer")
    alice.page.keyboard.press("t")
    expect(alice.box).to_be_focused()
    expect(alice.page.get_by_text("Alice joined the conversation.")).to_be_visible()
    expect(alice.page.locator("#tab-waiting .count")).to_be_empty()
    alice.look_at("mine")
    expect(alice.row(vera.ref)).to_have_attribute("aria-current", "true")
    alice.reply("Yes, I am")
    vera.hears("entry.posted", body="Yes, I am")


def test_a_chat_is_handed_over_to_a_person(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("About my bill")
    alice.open(vera.ref)
    alice.page.keyboard.press("x")
    choice = alice.page.locator("#targets .choice", has_text="Bob")
    expect(choice.first).to_contain_text("of 4 chats")
    alice.page.locator("#targets fieldset", has_text="Support").locator(".choice", has_text="Bob").click()
    alice.page.get_by_role("button", name="Hand over").click()
    expect(bob.row(vera.ref)).to_be_visible()
    expect(alice.row(vera.ref)).to_have_count(0)
    expect(alice.page.locator("#top")).to_contain_text("with Bob")
    vera.hears("conversation.state", state="active")
    bob.open(vera.ref)
    bob.reply("Now with me")
    vera.hears("entry.posted", body="Now with me")


def test_a_chat_goes_back_to_another_groups_queue(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("It does not work")
    bob.choose_status("away")
    alice.open(vera.ref)
    alice.page.get_by_role("button", name="Transfer").click()
    alice.page.locator("#targets fieldset", has_text="Support").locator(".choice", has_text="queue").click()
    alice.page.get_by_role("button", name="Hand over").click()
    expect(alice.page.locator("#transfer-dialog")).to_be_hidden()
    expect(alice.page.locator("#panel")).to_contain_text("no longer yours to see")
    bob.look_at("waiting")
    expect(bob.row(vera.ref)).to_contain_text("waits")
    bob.choose_status("available")
    expect(bob.row(vera.ref)).to_have_count(0)
    bob.look_at("mine")
    expect(bob.row(vera.ref)).to_be_visible()


def test_closing_asks_once(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Thanks, that is all")
    alice.open(vera.ref)
    alice.page.keyboard.press("c")
    expect(alice.page.get_by_role("button", name="Keep it open")).to_be_focused()
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator("#close-dialog")).to_be_hidden()
    alice.page.get_by_role("button", name="Close", exact=True).click()
    alice.page.get_by_role("button", name="Close the chat").click()
    vera.hears("conversation.state", state="closed")
    expect(alice.page.locator("#read-only")).to_contain_text("This conversation is closed")
    expect(alice.box).to_be_hidden()
    expect(alice.row(vera.ref)).to_have_count(0)
    alice.look_at("groups")
    expect(alice.row(vera.ref)).to_contain_text("closed")


def test_the_visitor_may_end_it_while_one_writes(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Never mind")
    alice.open(vera.ref)
    alice.box.fill("half a word")
    vera.send("conversation.close")
    expect(alice.page.locator("#read-only")).to_contain_text("This conversation is closed")
    expect(alice.page.locator("#top")).to_contain_text("closed")


def test_keys_move_between_chats(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera, walt = visits("I am Vera"), visits("I am Walt")
    expect(alice.row(vera.ref)).to_be_visible()
    expect(alice.row(walt.ref)).to_be_visible()
    alice.page.keyboard.press("j")
    alice.shows(walt.ref)
    alice.page.keyboard.press("j")
    alice.shows(vera.ref)
    alice.page.keyboard.press("k")
    alice.shows(walt.ref)
    alice.page.keyboard.press("r")
    expect(alice.box).to_be_focused()
    alice.page.keyboard.type("jkx?")
    expect(alice.box).to_have_value("jkx?")
    alice.page.keyboard.press("Alt+j")
    alice.shows(vera.ref)
    walt.says("are you there?")
    expect(alice.row(walt.ref).locator(".u")).to_be_visible()
    alice.page.keyboard.press("Alt+u")
    alice.shows(walt.ref)
    expect(alice.page).to_have_url(re.compile(f"/desk/conversations/{walt.ref}/$"))
    alice.page.go_back()
    alice.shows(vera.ref)


def test_the_keys_are_listed_and_can_be_switched_off(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    expect(alice.row(vera.ref)).to_be_visible()
    alice.page.keyboard.press("?")
    expect(alice.page.locator("#keys-dialog")).to_be_visible()
    alice.page.get_by_label("Single keys work outside text").uncheck()
    alice.page.keyboard.press("Escape")
    alice.page.keyboard.press("j")
    expect(alice.page.locator("#conversation")).to_have_count(0)
    alice.page.keyboard.press("Alt+j")
    alice.shows(vera.ref)


def test_a_chat_opens_in_a_tab_of_its_own(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    expect(alice.row(vera.ref)).to_be_visible()
    with alice.page.context.expect_page() as opened:
        alice.row(vera.ref).click(modifiers=["Control"])
    expect(opened.value.locator(f'#conversation[data-ref="{vera.ref}"]')).to_be_visible()
    expect(alice.page.locator("#conversation")).to_have_count(0)


def test_everything_is_reached_by_tab(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    reached: set[str] = set()
    for _ in range(40):
        alice.page.keyboard.press("Tab")
        reached.add(alice.page.evaluate("document.activeElement.id || document.activeElement.dataset.act || ''"))
    assert {"me", "tab-mine", "transfer", "close", "log", "reply", "choose-files", "send"} <= reached


def test_a_frame_that_comes_late_changes_nothing(sits: Sits, visits: Visits) -> None:
    """Of a chat that went out of alice's sight while she opened another."""
    alice, vera, walt = sits("alice"), visits("The first"), visits("The second")
    alice.open(vera.ref)
    late: list[Route] = []

    def hold_one(route: Route) -> None:
        late.append(route) if not late else route.continue_()

    alice.page.route("**/*part=frame", hold_one)
    with alice.page.expect_request("**/*part=frame"):
        vera.send("conversation.close")
    alice.open(walt.ref)
    headers = {"HX-Retarget": "#panel", "HX-Reswap": "innerHTML"}
    with alice.page.expect_response(f"**/{vera.ref}/?part=frame"):
        late[0].fulfill(status=200, headers=headers, content_type="text/html", body="This chat is gone")
    alice.reply("Hello, second")
    walt.hears("entry.posted", body="Hello, second")
    expect(alice.page.locator("#panel")).not_to_contain_text("This chat is gone")
