"""Two people at one chat: who writes is seen, and what arrived meanwhile is shown before a reply goes out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.browser.desk.visitor import VisitorLine
from tests.browser.desk.window import DeskWindow

pytestmark = pytest.mark.browser


def began_before_an_arrival(sits: Sits, visits: Visits) -> tuple[DeskWindow, VisitorLine]:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.box.fill("my answer")
    vera.says("wait, I meant the red one")
    expect(alice.entry("wait, I meant the red one")).to_be_visible()
    alice.box.press("Enter")
    expect(alice.page.locator("#guard")).to_be_visible()
    return alice, vera


def test_the_first_send_shows_what_arrived(sits: Sits, visits: Visits) -> None:
    alice, vera = began_before_an_arrival(sits, visits)
    expect(alice.page.locator("#guard")).to_contain_text("1 message arrived since you began writing")
    expect(alice.page.locator("#guard")).to_contain_text("wait, I meant the red one")
    expect(alice.page.locator("#guard-edit")).to_be_focused()
    expect(alice.box).to_have_value("my answer")
    alice.page.click("#guard-send")
    vera.hears("entry.posted", body="my answer")
    expect(alice.page.locator("#guard")).to_be_hidden()
    expect(alice.box).to_have_value("")


def test_what_was_seen_is_not_asked_about_again(sits: Sits, visits: Visits) -> None:
    alice, vera = began_before_an_arrival(sits, visits)
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator("#guard")).to_be_hidden()
    expect(alice.box).to_be_focused()
    alice.reply("the red one then")
    vera.hears("entry.posted", body="the red one then")
    assert "my answer" not in vera.bodies()


def test_nothing_is_asked_when_nothing_arrived(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    for text in ("one", "two", "three"):
        alice.reply(text)
    vera.hears("entry.posted", body="three")
    assert vera.bodies() == ["Hello", "one", "two", "three"]


def test_two_operators_see_each_other_and_the_other_ones_answer(sits: Sits, visits: Visits) -> None:
    alice, sam, vera = sits("alice"), sits("sam"), visits("Who can help?")
    alice.open(vera.ref)
    sam.look_at("all")
    sam.open(vera.ref)
    alice.box.press_sequentially("I think")
    expect(sam.page.locator("#colleague")).to_have_text("Alice is writing")
    sam.box.press_sequentially("Yes, I can")
    expect(alice.page.locator("#colleague")).to_have_text("Sam is writing")
    sam.box.press("Enter")
    expect(alice.page.locator("#colleague")).to_be_empty()
    vera.hears("entry.posted", body="Yes, I can")
    alice.box.press("Enter")
    expect(alice.page.locator("#guard")).to_contain_text("Sam: Yes, I can")
    assert "I think" not in vera.bodies()


HIGHER_LIMIT = """
const parse = JSON.parse;
JSON.parse = (text) => {
  const value = parse(text);
  return value?.message_chars ? { ...value, message_chars: 20000 } : value;
};
"""


def test_a_refused_reply_says_why_and_can_be_edited(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.page.add_init_script(HIGHER_LIMIT)  # as if the admin had lowered it since this page was loaded
    alice.page.reload()
    alice.is_up()
    alice.open(vera.ref)
    long = "x" * 10_001
    alice.reply(long)
    failed = alice.page.locator("#pending .entry")
    expect(failed).to_contain_text("not sent")
    expect(failed).to_contain_text("A message has at most 10000 characters.")
    failed.get_by_role("button", name="Edit").click()
    expect(alice.box).to_have_value(long)
    expect(failed).to_have_count(0)


def test_too_long_a_reply_stays_in_the_box(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.reply("x" * 10_003)
    expect(alice.page.locator("#over")).to_have_text("3 characters too many")
    expect(alice.box).to_have_value("x" * 10_003)
    alice.reply("x" * 10_000)
    vera.hears("entry.posted", body="x" * 10_000)
