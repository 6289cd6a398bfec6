"""Two people talk, each in a window: words, receipts, files each way, honest previews, and the end."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sits
from tests.browser.story.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.once]
LONG_ENOUGH = 800  # milliseconds: more than two of the previews' 300


def paper(name: str) -> bytes:
    """A small PDF whose bytes are its name's own, with a long tail that text tools would harm."""
    noise = b"".join(hashlib.sha256(f"{name} {n}".encode()).digest() for n in range(3_000))
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%" + noise.replace(b"\n", b"\r").replace(b"\0", b"\r")
    return body + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def saved(page: Page, link: Locator) -> tuple[str, bytes]:
    """Click it; the file's name and bytes as they reach this person's disk."""
    with page.expect_download() as download:
        link.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_words_go_both_ways_and_are_read(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits()
    vera.asks("Is the linen jacket in stock in blue?")
    expect(alice.row(vera.ref)).to_contain_text("Is the linen jacket in stock in blue?")
    expect(vera.page.locator("#title")).to_have_text("Alice, Sales")
    for _ in range(2):  # as heard, and as told anew
        expect(alice.row(vera.ref).locator(".u")).to_have_text("1 unread")
        alice.page.reload()
    alice.open(vera.ref)
    vera.says_under("Is the linen jacket in stock in blue?", "Read")
    alice.box.press_sequentially("Yes, in S")
    expect(vera.page.locator("#typing")).to_have_text("Alice is writing…")
    assert "Yes, in S" not in vera.page.content()
    alice.reply("Yes, in S to L.")
    expect(vera.entry("Yes, in S to L.")).to_be_visible()
    expect(vera.page.locator("#typing")).to_be_empty()
    alice.says_under("Yes, in S to L.", "read")
    vera.says("Lovely, M please.")
    vera.says_under("Lovely, M please.", "Read")
    assert alice.bodies() == vera.bodies()


def test_a_file_goes_each_way(sits: Sits, visits: Visits, tmp_path: Path) -> None:
    alice, vera = sits("alice"), visits()
    vera.asks("My invoice is wrong, see here")
    alice.open(vera.ref)
    vera.sends_file("invoice.pdf", paper("invoice"))
    link = alice.page.locator("#entries .entry-file", has_text="invoice.pdf").locator("a")
    assert saved(alice.page, link) == ("invoice.pdf", paper("invoice"))
    right = tmp_path / "right one.pdf"
    right.write_bytes(paper("right one"))
    alice.page.set_input_files("#files", right)
    link = vera.page.locator("#entries .entry-file", has_text="right one.pdf").locator("a")
    assert saved(vera.page, link) == ("right one.pdf", paper("right one"))
    expect(vera.page.locator("#pending .entry")).to_have_count(0)
    expect(alice.page.locator(".upload")).to_have_count(0)


def test_what_is_typed_is_seen_as_told_and_private_at_a_click(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits()
    vera.asks("May I ask something?")
    alice.open(vera.ref)
    notice, preview = vera.page.locator("#preview-words"), alice.page.locator("#preview")
    expect(notice).to_have_text("Alice can see what you type, before you send it.")
    vera.page.locator("#body").press_sequentially("could you send")
    expect(alice.page.locator("#preview-text")).to_have_text("could you send")
    expect(vera.page.locator("#seen-text")).to_have_text("could you send")
    vera.page.click("#private")
    expect(preview).to_be_hidden()
    expect(notice).to_have_text("Nobody sees what you type until you send it.")
    vera.page.locator("#body").press_sequentially(" a SECRETWORD")
    vera.page.wait_for_timeout(LONG_ENOUGH)
    assert "SECRETWORD" not in alice.page.content()
    vera.page.fill("#body", "could you send the size chart?")
    vera.page.press("#body", "Enter")
    expect(alice.entry("could you send the size chart?")).to_be_visible()
    expect(preview).to_be_hidden()


def test_the_end_is_read_only_and_a_new_one_begins(sits: Sits, visits: Visits) -> None:
    alice, vera = sits("alice"), visits()
    vera.asks("That is all, thank you")
    alice.open(vera.ref)
    vera.ends()
    expect(vera.page.locator("#composer")).to_be_hidden()
    expect(vera.entry("That is all, thank you")).to_be_visible()
    expect(alice.page.locator("#read-only")).to_contain_text("This conversation is closed")
    expect(alice.box).to_be_hidden()
    vera.page.reload()
    vera.holds("closed")
    expect(vera.entry("That is all, thank you")).to_be_visible()
    first = vera.ref
    vera.page.click("#again")
    vera.asks("Oh, one more thing")
    assert vera.ref != first
    assert vera.bodies() == ["Oh, one more thing"]
    expect(alice.row(vera.ref)).to_be_visible()
