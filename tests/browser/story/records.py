"""A running embedded desk's database, looked into and changed from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from tests.services.product import Product

OPENED = """
SELECT c.ref FROM chatdesk_conversation c JOIN chatdesk_entry e ON e.conversation_id = c.id
WHERE e.seq = 1 AND e.body = ?
"""
MESSAGES = """
SELECT e.body FROM chatdesk_entry e JOIN chatdesk_conversation c ON e.conversation_id = c.id
WHERE c.ref = ? AND e.kind = 'message' ORDER BY e.seq
"""
NUMBERS = """
SELECT e.seq FROM chatdesk_entry e JOIN chatdesk_conversation c ON e.conversation_id = c.id
WHERE c.ref = ? ORDER BY e.seq
"""
LEASE_ENDS = """
UPDATE routing_presence SET lease_until = '2020-01-01 00:00:00'
WHERE user_id = (SELECT id FROM accounts_user WHERE email = ?)
"""


def column(product: Product, question: str, *facts: Any) -> list[Any]:
    """The first column of each row."""
    with closing(sqlite3.connect(product.folder / "var" / "desk.sqlite3", timeout=20)) as database:
        return [row[0] for row in database.execute(question, facts)]


def change(product: Product, statement: str, *facts: Any) -> None:
    with closing(sqlite3.connect(product.folder / "var" / "desk.sqlite3", timeout=20)) as database, database:
        database.execute(statement, facts)


def ref_of(product: Product, opening: str) -> str:
    """The conversation that begins with these words."""
    found = column(product, OPENED, opening)
    assert len(found) == 1, found
    return str(found[0])


def messages(product: Product, ref: str) -> list[str]:
    """What was said there, in the order of its numbers, which have neither gap nor repeat."""
    numbers = column(product, NUMBERS, ref)
    assert numbers == list(range(1, len(numbers) + 1))
    return column(product, MESSAGES, ref)


def end_lease(product: Product, name: str) -> None:
    """As if this person's window had been gone for long."""
    change(product, LEASE_ENDS, f"{name}@desk.example")
