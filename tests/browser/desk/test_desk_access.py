"""What the rules of signing in do to an open desk: an end told in time, keys that keep a session, a door shut."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Sits
from tests.browser.desk.window import DeskWindow
from tests.services.product import Product

pytestmark = pytest.mark.browser

SUPERVISOR = "(SELECT id FROM accounts_usertype WHERE name = 'Supervisor')"
SAM = "(SELECT id FROM accounts_user WHERE email = 'sam@desk.example')"
PATIENCE = 15_000  # milliseconds: without a word from another process the desk looks every three seconds


def tell(product: Product, statement: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(product.folder / "var" / "desk.sqlite3", timeout=20)) as database, database:
        return database.execute(statement, values).fetchall()


@pytest.fixture
def rules(product: Product) -> Iterator[Product]:
    """Rules written past the desk, as by another process whose word was lost; afterwards there are none again."""
    tell(product, f"DELETE FROM accounts_signin WHERE user_id = {SAM}")
    yield product
    tell(product, f"DELETE FROM accounts_loginwindow WHERE user_type_id = {SUPERVISOR}")
    tell(product, f"UPDATE accounts_usertype SET networks = '' WHERE id = {SUPERVISOR}")


def close_at(product: Product, end: datetime) -> None:
    start = end - timedelta(hours=2)
    facts = (start.weekday(), start.strftime("%H:%M:%S"), end.strftime("%H:%M:%S"))
    columns = "INSERT INTO accounts_loginwindow (user_type_id, weekday, start, end)"
    tell(product, f"{columns} VALUES ({SUPERVISOR}, ?, ?, ?)", *facts)


def acted_at(product: Product) -> str:
    return str(tell(product, f"SELECT MAX(acted_at) FROM accounts_signin WHERE user_id = {SAM}")[0][0])


def ending(page: Page) -> Any:
    return page.locator("#ending")


def test_an_end_is_told_and_taken_back(sits: Sits, rules: Product) -> None:
    sam = sits("sam")
    expect(ending(sam.page)).to_be_empty()
    close_at(rules, datetime.now(UTC) + timedelta(minutes=4))
    expect(ending(sam.page)).to_contain_text("Your log-in hours end at", timeout=PATIENCE)
    tell(rules, f"DELETE FROM accounts_loginwindow WHERE user_type_id = {SUPERVISOR}")
    expect(ending(sam.page)).to_be_empty(timeout=PATIENCE)


def test_a_key_keeps_the_session_and_a_fetch_does_not(sits: Sits, rules: Product) -> None:
    sam = sits("sam")
    long_ago = (datetime.now(UTC) - timedelta(minutes=30)).strftime("%Y-%m-%d %H:%M:%S")
    tell(rules, f"UPDATE accounts_signin SET acted_at = ? WHERE user_id = {SAM}", long_ago)
    sam.page.evaluate("fetch('/desk/lists/waiting/').then(answer => answer.text())")
    assert acted_at(rules) == long_ago
    sam.page.keyboard.press("Shift")
    for _ in range(50):
        if acted_at(rules) != long_ago:
            break
        sam.page.wait_for_timeout(100)
    assert acted_at(rules) > long_ago


def test_a_door_that_is_shut_says_why(browser: Browser, rules: Product) -> None:
    """Not watched: a list that the page fetches meanwhile is refused with 403, and Chromium logs it."""
    sam = DeskWindow(browser.new_context(), rules, "sam")
    tell(rules, f"UPDATE accounts_usertype SET networks = '198.51.100.0/24' WHERE id = {SUPERVISOR}")
    expect(sam.page.locator("#line")).to_contain_text("can't be used from this address", timeout=PATIENCE)
    assert tell(rules, f"SELECT * FROM accounts_signin WHERE user_id = {SAM}") == []
    sam.page.get_by_role("link", name="Load again").click()
    expect(sam.page.get_by_label("E-mail")).to_be_visible()
    sam.page.context.close()
