"""Notes, offers, guests and supervisors, as people at the desk meet them; and that a note is never sent by mistake."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Sits
from tests.browser.desk.conftest import Visits
from tests.browser.desk.test_desk_look import overflow, violations
from tests.browser.desk.visitor import VisitorLine
from tests.browser.desk.window import DeskWindow

pytestmark = pytest.mark.browser


def composer(window: DeskWindow) -> Locator:
    return window.page.locator("#composer")


def write_as(window: DeskWindow, kind: str) -> None:
    """By mouse: what the box writes from now on."""
    window.page.locator("#kinds label", has=window.page.locator(f"[value={kind}]")).click()
    expect(composer(window)).to_have_attribute("data-kind", kind)


def write_note(window: DeskWindow, text: str) -> None:
    """By key alone: out of any text, into a note, and add it."""
    window.page.locator("#log").focus()
    if composer(window).get_attribute("data-kind") == "message":
        window.page.keyboard.press("n")
    expect(composer(window)).to_have_attribute("data-kind", "note")
    expect(window.box).to_be_focused()
    window.box.fill(text)
    window.box.press("Enter")


def note(window: DeskWindow, text: str) -> Locator:
    return window.page.locator("#entries .note", has=window.page.get_by_text(text, exact=True))


def offer(window: DeskWindow) -> Locator:
    return window.page.locator("#offers .offer")


def choose(window: DeskWindow, name: str, how: str = "") -> None:
    """In the open picker: a person or group by the words on its line."""
    window.page.locator("#targets .choice", has_text=name).first.click()
    if how:
        window.page.locator(f"input[name=how][value={how}]").check()


@pytest.fixture
def sam(sits: Sits) -> DeskWindow:
    return sits("sam")


def test_a_note_stays_at_the_desk(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Where is my lamp?")
    alice.open(vera.ref)
    write_note(alice, "Ask the depot")
    expect(note(alice, "Ask the depot")).to_contain_text("Note Alice")
    write_as(alice, "message")
    alice.reply("I look it up")
    vera.hears("entry.posted", body="I look it up")
    assert vera.bodies() == ["Where is my lamp?", "I look it up"]
    assert "depot" not in str(vera.frames)
    alice.page.reload()
    alice.shows(vera.ref)
    expect(note(alice, "Ask the depot")).to_be_visible()


def test_the_draft_of_a_note_stays_a_note(sits: Sits, visits: Visits) -> None:
    alice, vera, walt = sits("alice"), visits("I am Vera"), visits("I am Walt")
    alice.open(vera.ref)
    alice.page.locator("#log").focus()
    alice.page.keyboard.press("n")
    alice.box.fill("not for her eyes")
    alice.open(walt.ref)
    expect(composer(alice)).to_have_attribute("data-kind", "message")
    expect(alice.box).to_have_value("")
    alice.open(vera.ref)
    expect(alice.box).to_have_value("not for her eyes")
    expect(composer(alice)).to_have_attribute("data-kind", "note")
    expect(alice.page.locator("#send")).to_have_text("Add note", use_inner_text=True)
    alice.page.reload()
    alice.shows(vera.ref)
    expect(composer(alice)).to_have_attribute("data-kind", "note")
    alice.box.press("Enter")
    expect(note(alice, "not for her eyes")).to_be_visible()
    assert "not for her eyes" not in str(vera.frames)


def test_nobody_is_told_that_one_writes_a_note_and_no_file_goes_with_it(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("Hello")
    alice.open(vera.ref)
    alice.page.locator("#log").focus()
    alice.page.keyboard.press("n")
    alice.box.press_sequentially("hush")
    expect(alice.page.locator("#choose-files")).to_be_hidden()
    alice.page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(alice.page.locator("#toast")).to_contain_text("A file can't go with a note")
    vera.says("Anybody?")
    expect(alice.entry("Anybody?")).to_be_visible()
    vera.says("Hello?")
    assert not [frame for frame in vera.frames if frame["type"] == "typing" or frame.get("kind") == "file"]
    write_as(alice, "message")
    alice.box.press_sequentially(" Vera")
    vera.hears("typing", on=True)


def test_a_colleague_is_invited_by_keyboard_and_leaves_again(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("About my bill")
    alice.open(vera.ref)
    alice.page.keyboard.press("i")
    expect(alice.page.locator("#target-search")).to_be_focused()
    alice.page.keyboard.type("bob")
    expect(alice.page.locator("#targets .choice:visible")).to_have_count(1)
    alice.page.keyboard.press("ArrowDown")
    alice.page.keyboard.press("Space")
    alice.page.fill("#target-note", "Can you explain VAT?")
    alice.page.get_by_role("button", name="Invite", exact=True).last.click()
    expect(offer(alice)).to_contain_text("You asked Bob into the chat")
    expect(offer(bob)).to_contain_text("Alice asks you into the chat with")
    expect(offer(bob)).to_contain_text("Can you explain VAT?")
    bob.page.keyboard.press("o")
    bob.page.keyboard.press("Enter")
    bob.shows(vera.ref)
    expect(bob.page.locator("#beside")).to_contain_text("You are a guest in this chat.")
    expect(alice.page.locator("#beside")).to_contain_text("Bob is a guest")
    expect(offer(alice)).to_have_count(0)
    expect(note(bob, "Can you explain VAT?")).to_be_visible()
    bob.reply("It is 19 percent")
    vera.hears("entry.posted", body="It is 19 percent")
    expect(alice.entry("It is 19 percent")).to_be_visible()
    bob.look_at("mine")
    expect(bob.row(vera.ref)).to_contain_text("guest")
    bob.page.get_by_role("button", name="Leave", exact=True).click()
    vera.hears("entry.posted", body="Bob left the conversation.")
    expect(bob.row(vera.ref)).to_have_count(0)
    expect(bob.page.locator("#panel")).to_contain_text("no longer yours to see")
    expect(alice.page.locator("#beside")).to_have_count(0)


def test_a_chat_is_offered_declined_and_accepted(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("It does not work")
    alice.open(vera.ref)
    for answer in ("Decline", "Accept"):
        alice.page.keyboard.press("Escape")
        alice.page.locator("[data-act=transfer]").click()
        choose(alice, "Bob", "warm")
        alice.page.get_by_role("button", name="Hand over").click()
        expect(offer(bob)).to_contain_text("would like to hand you the chat")
        expect(offer(bob).locator(".offer-left")).to_contain_text("s left")
        expect(alice.page.locator("#top")).to_have_attribute("data-held", "yes")
        bob.page.get_by_role("button", name=answer).click()
        expect(offer(alice)).to_have_count(0)
        if answer == "Decline":
            expect(alice.page.locator("#toast")).to_contain_text("Bob declined the chat")
            alice.reply("Still with me")
            vera.hears("entry.posted", body="Still with me")
    bob.shows(vera.ref)
    expect(alice.page.locator("#toast")).to_contain_text("Bob has the chat with")
    bob.reply("Now with me")
    vera.hears("entry.posted", body="Now with me")


def test_of_two_offers_of_a_chat_the_one_that_is_pressed_is_answered(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("Two of you?")
    alice.open(vera.ref)
    alice.page.locator("[data-act=invite]").click()
    choose(alice, "Bob")
    alice.page.locator("#transfer-go").click()
    invited = offer(bob).filter(has_text="asks you into the chat")
    expect(invited).to_be_visible()
    alice.page.keyboard.press("Escape")
    alice.page.locator("[data-act=transfer]").click()
    choose(alice, "Bob", "warm")
    alice.page.get_by_role("button", name="Hand over").click()
    expect(offer(bob)).to_have_count(2)
    invited.get_by_role("button", name="Accept").click()
    expect(bob.page.locator("#beside")).to_contain_text("You are a guest in this chat.")
    for window in (alice, bob):
        expect(offer(window)).to_have_count(1)
    expect(offer(bob)).to_contain_text("would like to hand you the chat")


def test_what_was_offered_can_be_taken_back(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("One question")
    alice.open(vera.ref)
    alice.page.keyboard.press("x")
    choose(alice, "Bob", "warm")
    alice.page.get_by_role("button", name="Hand over").click()
    expect(offer(bob)).to_be_visible()
    bob.page.reload()
    expect(offer(bob)).to_be_visible()
    alice.page.get_by_role("button", name="Take back").click()
    expect(offer(bob)).to_have_count(0)
    expect(offer(alice)).to_have_count(0)


def test_the_picker_stays_true_while_one_looks(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("Hello")
    alice.open(vera.ref)
    alice.page.keyboard.press("x")
    bobs = alice.page.locator("#targets .choice", has_text="Bob").first
    bobs.click()
    expect(alice.page.locator("#transfer-go")).to_be_enabled()
    bob.choose_status("away")
    expect(bobs).to_contain_text("away")
    expect(bobs.locator("input")).to_be_disabled()
    expect(alice.page.locator("#transfer-go")).to_be_disabled()
    bob.choose_status("available")
    expect(bobs.locator("input")).to_be_enabled()
    alice.page.fill("#target-search", "nobody of that name")
    expect(alice.page.locator("#targets-none")).to_be_visible()
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#transfer-dialog")).to_be_visible()


def test_what_is_chosen_while_the_picker_asks_anew_stays_chosen(sits: Sits, visits: Visits) -> None:
    alice, bob, vera = sits("alice"), sits("bob"), visits("Hello")
    alice.open(vera.ref)
    alice.page.keyboard.press("x")
    expect(alice.page.locator("#target-search")).to_be_focused()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    alice.page.route("**/targets/**", hold, times=1)
    bob.choose_status("away")
    while not held:
        alice.page.wait_for_timeout(50)
    queue = alice.page.locator("#targets fieldset", has_text="Support").locator("input[value^=group]")
    queue.check()
    held[0].continue_()
    expect(alice.page.locator("#targets .choice", has_text="Bob").first).to_contain_text("away")
    expect(queue).to_be_checked()
    expect(queue).to_be_focused()
    expect(alice.page.locator("#transfer-go")).to_be_enabled()
    bob.choose_status("available")


def watched(alice: DeskWindow, sam: DeskWindow, vera: VisitorLine) -> None:
    alice.open(vera.ref)
    sam.look_at("all")
    sam.open(vera.ref)
    sam.page.keyboard.press("w")
    expect(sam.page.locator("#beside")).to_contain_text("You are watching. The operator sees that.")
    expect(alice.page.locator("#beside")).to_contain_text("Sam is watching")


def test_a_supervisor_watches_and_whispers(sits: Sits, sam: DeskWindow, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("It is too expensive")
    watched(alice, sam, vera)
    write_as(sam, "whisper")
    sam.box.fill("Offer free delivery")
    sam.box.press("Enter")
    whispered = note(alice, "Offer free delivery")
    expect(whispered).to_contain_text("Whisper Sam")
    write_note(alice, "Good idea")
    expect(note(sam, "Good idea")).to_be_visible()
    whispered.get_by_role("button", name="Use this text").click()
    expect(composer(alice)).to_have_attribute("data-kind", "message")
    expect(alice.box).to_have_value("Offer free delivery")
    alice.box.fill("Delivery would be free")
    alice.box.press("Enter")
    vera.hears("entry.posted", body="Delivery would be free")
    assert "Offer free" not in str(vera.frames)
    assert "Sam" not in str(vera.frames)
    sam.page.get_by_role("button", name="Stop watching").click()
    expect(alice.page.locator("#beside")).to_have_count(0)


def test_a_supervisor_joins_and_takes_over(sits: Sits, sam: DeskWindow, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("I want the manager")
    watched(alice, sam, vera)
    sam.page.get_by_role("button", name="Join", exact=True).click()
    vera.hears("entry.posted", body="Sam joined the conversation.")
    sam.reply("I am the manager")
    vera.hears("entry.posted", body="I am the manager")
    sam.page.get_by_role("button", name="Take over", exact=True).click()
    sam.page.get_by_role("button", name="Take it over").click()
    vera.hears("entry.posted", body="Sam answers from here on.")
    expect(sam.page.locator("#top")).to_have_attribute("data-held", "yes")
    expect(alice.page.locator("#toast")).to_contain_text("Sam has taken over the chat with")
    expect(alice.page.locator("#read-only")).to_contain_text("A colleague answers this chat")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_of_it(sits: Sits, visits: Visits, scheme: str) -> None:
    alice, bob = sits("alice", color_scheme=scheme), sits("bob", color_scheme=scheme)
    sam, vera = sits("sam", color_scheme=scheme), visits("Hello")
    watched(alice, sam, vera)
    write_as(sam, "whisper")
    sam.box.fill("A whisper")
    sam.box.press("Enter")
    expect(note(alice, "A whisper")).to_be_visible()
    write_note(alice, "A note")
    expect(note(alice, "A note")).to_be_visible()
    assert violations(alice) == []
    assert violations(sam) == []
    alice.page.locator("[data-act=invite]").click()
    assert violations(alice) == []
    choose(alice, "Bob")
    alice.page.fill("#target-note", "Please")
    alice.page.locator("#transfer-go").click()
    expect(offer(bob)).to_be_visible()
    assert violations(bob) == []
    assert violations(alice) == []
    sam.page.locator("[data-act=takeover]").click()
    assert violations(sam) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_fits_a_phone(sits: Sits, visits: Visits, language: str) -> None:
    alice, bob = sits("alice", viewport={"width": 360, "height": 740}, locale=language), sits("bob")
    vera = visits("Hello")
    alice.open(vera.ref)
    write_note(alice, "A very long word: " + "Donaudampfschifffahrt" * 12)
    assert overflow(alice) == 0
    alice.page.locator("[data-act=invite]").click()
    assert overflow(alice) == 0
    choose(alice, "Bob")
    alice.page.locator("#transfer-go").click()
    expect(offer(bob)).to_be_visible()
    assert overflow(alice) == 0
    expect(alice.page.locator("#send")).to_be_in_viewport(ratio=1)


def test_a_closed_chat_takes_notes_and_nothing_else(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits("That is all")
    alice.open(vera.ref)
    alice.box.fill("half a word")
    vera.send("conversation.close")
    expect(alice.page.locator("#read-only")).to_contain_text("This conversation is closed")
    expect(composer(alice)).to_be_hidden()
    alice.page.get_by_role("button", name="Write a note").click()
    expect(alice.box).to_be_focused()
    expect(alice.page.locator("#kinds label:visible")).to_have_count(1)
    alice.box.fill("Called back at noon")
    alice.box.press("Enter")
    expect(note(alice, "Called back at noon")).to_be_visible()
    alice.page.get_by_role("button", name="Cancel").click()
    expect(composer(alice)).to_be_hidden()
