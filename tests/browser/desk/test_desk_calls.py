"""Calling the person: sound, desktop notice, and their self-test."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.browser.desk.window import DeskWindow

pytestmark = pytest.mark.browser

RECORD = """() => {
  window.calls = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { calls.push("sound"); return play.call(this); };
  window.Notification = class {
    static permission = "granted";
    constructor(head, { body }) { calls.push(`${head}|${body}`); window.notice = this; }
    close() {}
  };
}"""


def calls(page: Page) -> list[str]:
    found: list[str] = page.evaluate("calls")
    return found


def recorded(sits: Sits, *, watched: bool) -> DeskWindow:
    alice = sits("alice")
    alice.page.evaluate(RECORD)
    if not watched:
        alice.page.evaluate("document.hasFocus = () => false")
    return alice


def called(alice: DeskWindow, words: str) -> None:
    alice.page.wait_for_function("(words) => calls.some((call) => call.includes(words))", arg=words)


def test_a_new_chat_calls_by_sound_and_notice(sits: Sits, visits: Visits) -> None:
    alice = recorded(sits, watched=False)
    vera = visits("My secret question")
    called(alice, "A chat for you|Visitor")
    assert "sound" in calls(alice.page)
    assert "My secret question" not in str(calls(alice.page))
    alice.page.evaluate("notice.onclick()")
    alice.shows(vera.ref)


def test_who_looks_is_not_shown_notices(sits: Sits, visits: Visits) -> None:
    alice = recorded(sits, watched=True)
    vera = visits("Hello")
    called(alice, "sound")
    alice.open(vera.ref)
    alice.page.evaluate("calls.length = 0")
    vera.says("still here?")
    expect(alice.entry("still here?")).to_be_visible()
    assert calls(alice.page) == []


def test_messages_of_other_chats_call(sits: Sits, visits: Visits) -> None:
    alice = recorded(sits, watched=False)
    vera, walt = visits("I am Vera"), visits("I am Walt")
    alice.open(vera.ref)
    alice.page.wait_for_timeout(1_100)
    alice.page.evaluate("calls.length = 0")
    walt.says("and me?")
    called(alice, "wrote|")


def test_the_sound_can_be_switched_off_and_stays_so(sits: Sits, visits: Visits) -> None:
    alice = recorded(sits, watched=True)
    alice.page.click("#me")
    alice.page.get_by_label("Sound").uncheck()
    vera = visits("Hello")
    expect(alice.row(vera.ref)).to_be_visible()
    assert calls(alice.page) == []
    alice.page.reload()
    alice.page.click("#me")
    expect(alice.page.get_by_label("Sound")).not_to_be_checked()


def test_the_self_test_says_how_it_went(sits: Sits) -> None:
    alice = sits("alice")
    alice.page.click("#me")
    alice.page.get_by_role("button", name="Test them").click()
    results = alice.page.locator("#alert-result li")
    expect(results.nth(0)).to_contain_text("Sound: played.")
    expect(results.nth(1)).to_contain_text("Desktop notice:")


def test_leave_for_notices_is_asked_by_the_button_alone(sits: Sits) -> None:
    alice = sits("alice")
    alice.page.evaluate(
        """() => {
          window.asked = 0;
          window.Notification = class { static permission = "default"; };
          Notification.requestPermission = async () => { asked += 1; Notification.permission = "denied"; };
        }"""
    )
    assert alice.page.evaluate("asked") == 0
    alice.page.click("#me")
    alice.page.locator("#notice-ask").evaluate("(button) => (button.hidden = false)")
    alice.page.get_by_role("button", name="Allow desktop notices").click()
    expect(alice.page.locator("#alert-result")).to_contain_text("blocked in the browser")
    assert alice.page.evaluate("asked") == 1
