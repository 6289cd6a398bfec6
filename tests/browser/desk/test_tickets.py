"""A mail is found, promised an answer, answered with a second thought, and solved: one walk through the desk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.stage import run_inside
from tests.services.product import Product, clean_environment

pytestmark = [pytest.mark.browser, pytest.mark.once]

SETTINGS = """
from routing.models import Group
from tickets.models import ForwardingAddress, MailSettings
settings = MailSettings.load()
settings.relay_domain, settings.undo_seconds = "relay.test", 60
settings.save()
ForwardingAddress.objects.create(address="sales@relay.test", group=Group.objects.get(slug="sales"))
"""
QUICKLY = "from tickets.models import MailSettings\nMailSettings.objects.update(undo_seconds=1)"
NO_MAIL = "from tickets.models import MailSettings\nMailSettings.objects.update(relay_domain='')"
MAIL = b"""From: Vera <vera.real@home.test>\r
To: sales@relay.test\r
Subject: My parcel\r
Message-ID: <parcel@home.test>\r
\r
Where is it? Write to vera.real@home.test.\r
\r
> We have sent it.\r
"""


def arrives(product: Product, mail: bytes, folder: Path) -> None:
    path = folder / "mail.eml"
    path.write_bytes(mail)
    env = {**clean_environment(), "CHATDESK_VAR": str(product.folder / "var"), "PORT": str(product.port)}
    command = [sys.executable, "manage.py", "receive_mail", "--to", "sales@relay.test", str(path)]
    subprocess.run(command, env=env, check=True, timeout=60, stdout=subprocess.DEVNULL)


def promises(page: Page, question: str) -> None:
    page.click("#promise-open")
    form = page.locator("#promise-form")
    form.locator("textarea").fill(question)
    expect(form.get_by_label("Contact")).to_be_hidden()
    form.get_by_label("by telephone").check()
    form.get_by_label("Contact").fill("+49 30 1234567")
    form.get_by_role("button", name="Promise it").click()
    expect(form.get_by_role("alert")).to_contain_text("consent")
    form.get_by_label("The visitor agrees").check()
    form.get_by_role("button", name="Promise it").click()
    expect(page.locator("#ticket-dialog")).to_be_hidden()
    expect(page.locator("#ticket .promise")).to_contain_text(question)


def thinks_again(page: Page) -> None:
    expect(page.locator(".reach-words")).to_contain_text("under a masked address")
    page.fill("#reply", "It comes on Monday")
    page.press("#reply", "Enter")
    waiting = page.locator("#answers li")
    expect(waiting).to_contain_text("It comes on Monday")
    expect(waiting).to_contain_text(re.compile(r"leaves in \d+ s"))
    waiting.get_by_role("button", name="Take back").click()
    expect(page.locator("#reply")).to_have_value("It comes on Monday")
    expect(waiting).to_have_count(0)


def test_a_mail_is_promised_answered_and_solved(sits: Sits, product: Product, tmp_path: Path) -> None:
    run_inside(product, SETTINGS)
    arrives(product, MAIL, tmp_path)
    alice = sits("alice", "/desk/")
    page = alice.page
    news = page.locator("#desk-news")
    expect(news).to_contain_text("New messages while you were away")
    news.locator("a").first.click()
    expect(page.locator("#log .badges")).to_contain_text("sender not proven")
    expect(page.locator("#log")).not_to_contain_text("vera.real@home.test")
    news.get_by_role("button", name="Seen").click()
    expect(news).to_be_empty()
    page.click('[data-act="take"]')
    expect(page.locator("#reply")).to_be_visible()
    promises(page, "When does it come?")
    page.select_option("#ticket-priority", label="urgent")
    expect(page.locator(".timeline li")).to_have_count(1)
    thinks_again(page)
    run_inside(product, QUICKLY)
    page.press("#reply", "Enter")
    expect(page.locator("#entries .entry-message.own")).to_contain_text("It comes on Monday")
    expect(page.locator("#answers li")).to_have_count(0)
    page.locator("#ticket .promise").get_by_role("button", name="Answered").click()
    expect(page.locator("#ticket .promise")).to_contain_text("kept")
    page.goto(f"{product.url}/desk/tickets/")
    page.locator("#ticket-q").press_sequentially("parcel")
    expect(page.locator("#tickets .ticket-row")).to_have_count(1)
    page.get_by_label("State").select_option(label="solved")
    expect(page.locator("#tickets")).to_contain_text("No ticket is like that")
    page.get_by_label("State").select_option(label="not solved")
    expect(page.locator("#tickets .ticket-row")).to_have_count(1)
    page.locator("#tickets .ticket-row").press("Enter")
    page.wait_for_url("**/desk/conversations/**")
    page.select_option("#ticket-state", label="solved")
    expect(page.locator(".timeline li")).to_have_count(2)
    run_inside(product, NO_MAIL)
    page.click('[data-act="close"]')
    page.click("#close-go")
