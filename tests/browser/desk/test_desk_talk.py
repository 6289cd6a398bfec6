"""Talking at the desk: chats arrive, are read, answered and kept apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits

pytestmark = pytest.mark.browser


def test_a_chat_arrives_is_answered_and_read(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera = visits("Is the linen jacket in stock?", page="https://shop.example/jackets")
    expect(alice.row(vera.ref)).to_contain_text("Is the linen jacket in stock?")
    alice.open(vera.ref)
    expect(alice.page.locator("#side")).to_contain_text("shop.example/jackets")
    vera.hears("entry.read", reader="operator", seq=2)
    alice.reply("In blue, yes.")
    seq = vera.hears("entry.posted", body="In blue, yes.")["seq"]
    alice.says_under("In blue, yes.", "delivered")
    vera.send("entry.read", seq=seq)
    alice.says_under("In blue, yes.", "read")
    vera.says("Thank you")
    expect(alice.entry("Thank you")).to_be_visible()
    assert alice.bodies() == ["Is the linen jacket in stock?", "In blue, yes.", "Thank you"]


def test_several_chats_keep_their_drafts_and_their_marks(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera, walt = visits("I am Vera"), visits("I am Walt")
    expect(alice.row(walt.ref).locator(".u")).to_be_visible()
    alice.open(vera.ref)
    alice.box.fill("half an answer for Vera")
    walt.says("one more thing")
    expect(alice.row(walt.ref)).to_contain_text("one more thing")
    expect(alice.row(walt.ref).locator(".u")).to_contain_text("2 unread")
    alice.open(walt.ref)
    expect(alice.box).to_have_value("")
    expect(alice.row(walt.ref).locator(".u")).to_have_count(0)
    expect(alice.row(vera.ref)).to_contain_text("Draft: half an answer for Vera")
    alice.page.reload()
    alice.is_up()
    alice.open(vera.ref)
    expect(alice.box).to_have_value("half an answer for Vera")
    alice.box.press("Enter")
    vera.hears("entry.posted", body="half an answer for Vera")
    assert "half an answer for Vera" not in walt.bodies()


def test_the_title_counts_what_was_not_read(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    expect(alice.page).to_have_title("Desk")
    vera = visits("Hello?")
    expect(alice.page).to_have_title("(1) Desk")
    alice.open(vera.ref)
    expect(alice.page).to_have_title("Desk")


def test_typing_shows_as_a_preview_and_goes(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera = visits("Hello")
    alice.open(vera.ref)
    vera.types("could you send me the size cha")
    expect(alice.page.locator("#preview")).to_contain_text("could you send me the size cha")
    expect(alice.page.locator("#preview")).to_contain_text("the visitor knows")
    expect(alice.row(vera.ref)).to_contain_text("Typing: could you send me the size cha")
    vera.types("")
    expect(alice.page.locator("#preview")).to_be_hidden()
    expect(alice.row(vera.ref)).not_to_contain_text("Typing")
    vera.types("again")
    expect(alice.page.locator("#preview")).to_contain_text("again")
    vera.says("again, said")
    expect(alice.page.locator("#preview")).to_be_hidden()
    kept = alice.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "size cha" not in kept


def test_the_visitor_sees_that_somebody_writes(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera = visits("Hello")
    alice.open(vera.ref)
    alice.box.press_sequentially("Let me see")
    frame = vera.hears("typing", on=True)
    assert frame["author"]["name"] == "Alice"
    assert "Let me see" not in str(vera.frames)


def test_new_messages_do_not_move_what_is_read(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera = visits("Hello")
    for number in range(40):
        vera.says(f"line {number}")
    alice.open(vera.ref)
    expect(alice.entry("line 39")).to_be_in_viewport()
    alice.page.locator("#log").evaluate("(log) => (log.scrollTop = -log.scrollHeight)")
    vera.says("the newest")
    expect(alice.page.locator("#newer")).to_be_visible()
    expect(alice.entry("the newest")).not_to_be_in_viewport()
    alice.page.click("#newer")
    expect(alice.entry("the newest")).to_be_in_viewport()
    expect(alice.page.locator("#newer")).to_be_hidden()


def test_older_messages_come_on_demand(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    vera = visits("The very first")
    for number in range(60):
        vera.says(f"line {number}")
    alice.open(vera.ref)
    expect(alice.entry("The very first")).to_have_count(0)
    alice.page.locator("#log").evaluate("(log) => (log.scrollTop = -log.scrollHeight)")
    before = alice.entry("line 20").bounding_box()
    alice.page.get_by_role("button", name="Show earlier messages").click()
    expect(alice.entry("The very first")).to_have_count(1)
    after = alice.entry("line 20").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 120, "what was read jumped away"
    assert alice.bodies() == ["The very first", *(f"line {number}" for number in range(60))]
    expect(alice.page.locator(".day")).to_have_count(1)


def test_markup_and_turned_text_stay_text(sits: Sits, visits: Visits) -> None:
    alice = sits("alice")
    evil = "<img src=x onerror=document.title='owned'>"
    vera = visits(evil)
    alice.open(vera.ref)
    vera.says(evil + "\u202egnp.exe")
    expect(alice.entry(f"{evil}[U+202E]gnp.exe")).to_be_visible()
    vera.types(evil)
    expect(alice.page.locator("#preview-text")).to_have_text(evil)
    assert alice.page.locator("#log img").count() == 0
