"""Somebody who left without an address collects a document the next day, with nothing but eight words."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.look import AXES_OWN, faults
from tests.browser.stage import Stage, says
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]

REFUSED = "Failed to load resource"  # the browser itself logs answers of 4xx
CONTRACT = b"The contract, to be signed.\n"
OLDER = {
    "chatdesk_entry": ("at",),
    "chatdesk_conversation": ("created_at", "last_at", "closed_at"),
    "chatdesk_visitor": ("created_at", "seen_at"),
    "tickets_pickupbox": ("created_at", "expires_at"),
}


def a_day_passes(product: Product) -> None:
    """Everything of the record, and of the boxes, becomes a day older."""
    with closing(sqlite3.connect(product.folder / "var" / "desk.sqlite3", timeout=20)) as database:
        for table, names in OLDER.items():
            older = ", ".join(f"{name} = strftime('%Y-%m-%d %H:%M:%f', {name}, '-1 day')" for name in names)
            database.execute(f"UPDATE {table} SET {older}")
        database.commit()


def document(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": data}


def other_browser(stage: Stage, browser: Browser, watch: Watch, **window: object) -> Page:
    """On another device: nothing of the first browser is known there."""
    return watch.page(browser, **window)


def box_words(page: Page) -> str:
    words = page.locator(".keeper .box-words").inner_text()
    assert len(words.split()) == 8
    return words


def test_a_document_is_collected_next_day_by_eight_words(
    stage: Stage, browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor()
        says(visitor, "Please send me the contract, I must go")
        ref = olga.gets_chat("Please send me the contract, I must go")
        visitor.click("#end")
        expect(visitor.locator("#end-dialog .box-words")).to_be_visible()
        visitor.locator("#end-dialog").get_by_role("button", name="End chat").click()
        expect(visitor.locator(".keeper .box-words")).to_be_visible()
        words = box_words(visitor)
        visitor.context.close()
        desk = watch.page(browser, storage_state=stage.signed_in["olga"])
        desk.goto(f"{stage.product.url}/desk/conversations/{ref}/")
        desk.get_by_role("button", name="Add something to this ended chat").click()
        expect(desk.locator("#reply")).to_be_visible()
        desk.fill("#reply", "Here is the contract")
        desk.press("#reply", "Enter")
        desk.set_input_files("#files", [document("contract.txt", CONTRACT)])
        expect(desk.locator("#log .entry-file")).to_have_count(1)
        expect(desk.locator("#log .entry-message").last).to_contain_text("Here is the contract")
        a_day_passes(stage.product)
        desk.reload()
        expect(desk.locator("#box-side")).to_contain_text("Waiting: the visitor has no address")
        expect(desk.locator(".box-mark").first).to_contain_text("Waits behind the return link")
        phone = other_browser(stage, browser, watch, viewport={"width": 360, "height": 740})
        phone.goto(f"{stage.product.url}/return/")
        phone.fill("#words", words.upper().replace(" ", "-"))
        phone.get_by_role("button", name="Open your documents").click()
        expect(phone.locator(".entry-body", has_text="Here is the contract")).to_be_visible()
        with phone.expect_download() as downloading:
            phone.get_by_role("link", name=re.compile("contract.txt")).click()
        saved = tmp_path / "contract.txt"
        downloading.value.save_as(saved)
        assert saved.read_bytes() == CONTRACT
        phone.fill("#body", "Thank you, signed")
        phone.set_input_files("#file", [document("signed.txt", b"Signed.\n")])
        phone.get_by_role("button", name="Send").click()
        expect(phone.locator(".entry.by-visitor .entry-body", has_text="Thank you, signed")).to_be_visible()
        desk.reload()
        expect(desk.locator("#box-side")).to_contain_text("Collected")
        expect(desk.locator("#log .entry-body", has_text="Thank you, signed")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_link_alone_is_enough(stage: Stage, browser: Browser, watch: Watch) -> None:
    visitor = stage.visitor(java_script_enabled=False)
    visitor.fill("#body", "A question with a document")
    visitor.set_input_files("input[name=file]", [document("question.txt", b"Why?\n")])
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.locator("#entries .entry-file .file-name")).to_have_text("question.txt")
    link = visitor.locator("#link-kept").get_attribute("href")
    assert link
    other = other_browser(stage, browser, watch, java_script_enabled=False, color_scheme="dark")
    other.goto(link)
    expect(other.get_by_text("question.txt")).to_have_count(0)
    other.get_by_role("button", name="Open your documents").click()
    expect(other.get_by_role("link", name=re.compile("question.txt"))).to_be_visible()
    visitor.get_by_role("link", name="End chat").click()
    expect(visitor.locator("#end-dialog .box-words")).to_be_visible()
    visitor.get_by_role("button", name="End chat").click()


def test_every_page_of_it_is_for_every_reader(stage: Stage) -> None:
    stage.watch.allow(REFUSED, AXES_OWN)
    visitor = stage.visitor(java_script_enabled=True)
    says(visitor, "Where do I find it again?")
    expect(visitor.locator(".keeper .box-words")).to_be_visible()
    assert faults(visitor) == []
    link = visitor.locator("#link-kept").get_attribute("href")
    assert link
    visitor.goto(link)
    assert faults(visitor) == []
    visitor.get_by_role("button", name="Open your documents").click()
    expect(visitor.locator(".entry-body", has_text="Where do I find it again?")).to_be_visible()
    assert faults(visitor) == []
    visitor.get_by_role("link", name="Delete this conversation").click()
    assert faults(visitor) == []
    visitor.goto(f"{stage.product.url}/return/")
    expect(visitor.get_by_role("link", name="Shop")).to_have_count(1)
    assert faults(visitor) == []
    visitor.evaluate("document.documentElement.dir = 'rtl'")
    assert faults(visitor) == []
    visitor.get_by_role("link", name="Shop").click()
    visitor.get_by_role("link", name="Delete this conversation").click()
    visitor.get_by_role("button", name="Delete it").click()
    expect(visitor.get_by_role("status")).to_have_text("The conversation was deleted.")
