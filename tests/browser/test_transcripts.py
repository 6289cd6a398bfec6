"""Cora's day in a real browser: she says what for, searches, reads, holds and exports; by mouse, and by keyboard."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.look import AXES_OWN, EVERYTHING, faults
from tests.browser.operator_line import sign_in
from tests.browser.stage import run_inside
from tests.services.chromium import Watch
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once]

TALKS = r"""
from accounts.models import User
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.actions.entries import post_entry
from chatdesk.actions.notes import store_note
from chatdesk.models import Button, Conversation, Participant, Visitor
from routing.models import Request, State

button, alice = Button.objects.get(slug="sales"), User.objects.get(email="alice@desk.example")
for name, words in (("Vera", "the zibeline coat is torn"), ("وردة", "🧥 المعطف zibeline ممزق <b>جدا</b>")):
    request = Request.objects.create(group=button.group, operator=alice, state=State.ACTIVE)
    chat = Conversation.objects.create(
        visitor=Visitor.objects.create(token_hash=name), button=button, group=button.group, request=request,
        start_id=f"start {name}", name=name,
    )
    visitor = Participant.objects.create(conversation=chat, name=name)
    operator = Participant.objects.create(conversation=chat, user=alice, name="Alice")
    post_entry(chat, visitor, words, "c1")
    post_entry(chat, operator, "We send a new one.", "c2")
    store_note(chat.pk, alice, "a known customer", "n1")
    close_by_visitor(chat.pk)
"""
ARABIC = "🧥 المعطف zibeline ممزق <b>جدا</b>"


@pytest.fixture(scope="module")
def records(live_product: Product) -> Product:
    """The demo desk with two ended conversations that hold a word of their own."""
    run_inside(live_product, TALKS)
    return live_product


@pytest.fixture
def cora(records: Product, watch: Watch, browser: Browser, signed_in: dict[str, StorageState]) -> Page:
    """Her window, signed in; she has not said what for unless a test before her has."""
    if "cora" not in signed_in:
        context = watch.context(browser)
        sign_in(context, records, "cora")
        signed_in["cora"] = context.storage_state()
        context.close()
    page = watch.page(browser, storage_state=signed_in["cora"], accept_downloads=True)
    page.goto(f"{records.url}/transcripts/")
    if "/purpose/" in page.url:
        page.get_by_label("Reason, in words").fill("review of May")
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{records.url}/transcripts/")
    return page


def searches(page: Page, words: str) -> None:
    page.goto(page.url.partition("/transcripts")[0] + "/transcripts/")
    page.get_by_label("Words and filters").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/transcripts/found/*/")


def opens_matter(page: Page, number: str) -> None:
    page.get_by_role("link", name="Matters").click()
    page.get_by_label("Number").fill(number)
    page.get_by_label("Name").fill("Torn coats")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def downloads(page: Page) -> zipfile.ZipFile:
    link = page.get_by_role("link", name="VOL001")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as got:
        link.click()
    return zipfile.ZipFile(io.BytesIO(Path(got.value.path()).read_bytes()))


def test_from_the_purpose_to_the_export(cora: Page) -> None:
    expect(cora.get_by_text("review of May")).to_be_visible()
    searches(cora, "zibeline")
    expect(cora.get_by_role("status")).to_contain_text("2 conversations")
    expect(cora.locator("mark")).to_have_text(["zibeline", "zibeline"])
    cora.get_by_role("link", name="Vera").click()
    expect(cora.locator(".proof")).to_contain_text("Whole:")
    expect(cora.locator(".line.internal")).to_contain_text("a known customer")
    ref = cora.url.rstrip("/").split("/transcripts/conversations/")[1].split("/")[0]
    opens_matter(cora, "2026-014")
    cora.get_by_role("link", name="Holds").click()
    cora.goto(re.sub(r"/transcripts/.*", "/transcripts/holds/new/", cora.url))
    cora.get_by_label("Name").fill("The coats")
    cora.get_by_label("What it holds").fill(f"ref:{ref}")
    cora.get_by_label("Why it has to be kept").fill("a letter from a lawyer")
    cora.get_by_role("button", name="Count first").click()
    expect(cora.get_by_role("region", name="It would hold now").or_(cora.get_by_role("status"))).to_contain_text("1")
    cora.get_by_role("button", name="Place the hold").click()
    expect(cora.get_by_text("The hold is in force.")).to_be_visible()
    cora.goto(re.sub(r"/transcripts/.*", f"/transcripts/conversations/{ref}/", cora.url))
    expect(cora.get_by_text("On legal hold:")).to_be_visible()
    cora.get_by_role("link", name="Exports").click()
    cora.get_by_label("Search").fill(f"ref:{ref}")
    cora.get_by_role("button", name="Ask for it").click()
    bundle = downloads(cora)
    lines = [json.loads(line) for line in bundle.read("records/records.jsonl").splitlines()]
    assert "the zibeline coat is torn" in [line["content"].get("body") for line in lines]
    assert {"manifest.json", "SHA256SUMS"} <= set(bundle.namelist())
    cora.reload()
    expect(cora.get_by_role("link", name="VOL001")).to_have_count(0)


def test_what_runs_from_right_to_left_stands_so_and_stays_text(cora: Page) -> None:
    searches(cora, "zibeline")
    cora.get_by_role("link", name="وردة").click()
    said = cora.locator(".line.visitor .line-text")
    expect(said).to_have_text(ARABIC)
    assert said.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    answer = cora.locator(".line.operator .line-text").first
    assert answer.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
    assert cora.locator(".line-text b").count() == 0


def test_the_keyboard_is_enough(cora: Page) -> None:
    expect(cora.get_by_label("Words and filters")).to_be_focused()
    cora.keyboard.type("zibeline torn")
    cora.keyboard.press("Enter")
    cora.wait_for_url("**/transcripts/found/*/")
    link = cora.get_by_role("link", name="Vera")
    for _tab in range(60):
        cora.keyboard.press("Tab")
        if link.evaluate("(node) => node === document.activeElement"):
            break
    expect(link).to_be_focused()
    assert link.evaluate("(node) => getComputedStyle(node).outlineStyle") != "none"
    cora.keyboard.press("Enter")
    expect(cora.locator(".record")).to_be_visible()
    expect(cora.get_by_role("heading", level=1)).to_have_text("Vera")


PAGES = (
    "",
    "matters/",
    "holds/",
    "holds/new/",
    "exports/",
    "redactions/",
    "retention/",
    "retention/policies/new/",
    "requests/",
    "requests/new/",
    "log/",
)


def test_every_page_is_sound_in_light_and_dark_on_a_phone_and_a_desktop(cora: Page, watch: Watch) -> None:
    watch.allow(AXES_OWN)
    home = cora.url
    wrong: list[str] = []
    for path in (*PAGES, "retention/dry-run/", "readings/", "purpose/"):
        cora.goto(f"{home}{path}")
        wrong += faults(cora, EVERYTHING)
    cora.emulate_media(color_scheme="light")
    cora.set_viewport_size({"width": 1360, "height": 850})
    searches(cora, "zibeline")
    wrong += faults(cora, EVERYTHING)
    cora.get_by_role("link", name="Vera").click()
    expect(cora.locator(".record")).to_be_visible()
    wrong += faults(cora, EVERYTHING)
    for link in (".redact-link", ".reading-acts a", ".presences a"):
        cora.locator(link).first.click()
        expect(cora.locator("form.card, .everywhere").first).to_be_visible()
        wrong += faults(cora, EVERYTHING)
        cora.go_back()
    assert wrong + faults_of_a_request(cora, home) == []


def faults_of_a_request(cora: Page, home: str) -> list[str]:
    """Taken down, known and confirmed: every step of it is shown then."""
    cora.goto(f"{home}requests/new/")
    cora.get_by_label("What is asked for").select_option("erasure")
    cora.get_by_label("Names").fill("Vera")
    cora.get_by_role("button", name="Take it down").click()
    cora.get_by_label("How it was checked").select_option("call")
    cora.get_by_role("button", name="It is they who ask").click()
    cora.get_by_role("checkbox", name="is meant").first.check()
    cora.get_by_label("Why ticks were changed").fill("she named the day")
    cora.get_by_role("button", name="This is all that is meant").click()
    expect(cora.get_by_role("heading", name="3. Erase")).to_be_visible()
    cora.goto(cora.url)  # without the notice, which other pages look at
    return faults(cora, EVERYTHING)


# Selects what is inside an element, as a mouse does.
SELECT = "(node) => document.getSelection().selectAllChildren(node)"


def test_what_is_selected_is_redacted(cora: Page) -> None:
    """Also behind a character of two halves, and in a text that runs from right to left."""
    searches(cora, "zibeline")
    cora.get_by_role("link", name="وردة").click()
    said = cora.locator(".line.visitor .line-text")
    said.locator("mark").evaluate(SELECT)
    cora.get_by_role("button", name="Redact the selection").click()
    expect(cora.locator("#redact-dialog .selected")).to_have_text("zibeline")
    cora.get_by_label("Note").fill("as agreed")
    cora.get_by_role("button", name="Redact", exact=True).click()
    expect(cora.get_by_text("Covered in every copy from now on.")).to_be_visible()
    box = cora.locator(".line-text .covered")
    expect(box).to_have_text("zibeline")
    expect(said).to_have_text(ARABIC)
    expect(cora.locator(".covered-list")).to_contain_text("as agreed")
    shows = "(node) => getComputedStyle(node, '::after').display !== 'none' && node.matches(':focus')"
    box.focus()
    assert box.evaluate(shows)
    cora.keyboard.press("Escape")
    assert not box.evaluate(shows)
    cora.get_by_role("button", name="Withdraw").click()
    expect(cora.get_by_text("1 redaction was withdrawn.")).to_be_visible()
    expect(box).to_have_count(0)


def test_nobody_of_the_desk_comes_in_by_the_address(records: Product, watch: Watch, browser: Browser) -> None:
    watch.allow("403")
    for name in ("alice", "ada"):
        context = watch.context(browser)
        sign_in(context, records, name)
        page = context.new_page()
        answer = page.goto(f"{records.url}/transcripts/")
        assert answer is not None
        assert answer.status == 403, name
        context.close()
