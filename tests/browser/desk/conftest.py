"""A desk of these tests' own: alice answers Sales, bob Support, sam may help anywhere, and typing is previewed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.browser.desk.visitor import VisitorLine
from tests.services.product import Product

SETTINGS = """
UPDATE chatdesk_button SET typing_preview = 'preview' WHERE slug = 'sales';
UPDATE accounts_usertype SET answer = 'all' WHERE name = 'Supervisor';
"""

Visits = Callable[..., VisitorLine]


def configure(product: Product) -> None:
    with closing(sqlite3.connect(product.folder / "var" / "desk.sqlite3", timeout=20)) as database:
        database.executescript(SETTINGS)


@pytest.fixture(scope="session")
def desk_product() -> Iterator[Product]:
    with Product(env={"CHATDESK_LIMITS": "off"}) as product:
        configure(product)
        yield product


@pytest.fixture
def product(desk_product: Product) -> Product:
    """The desk that the windows of a test look at."""
    return desk_product


@pytest.fixture
def visits(product: Product) -> Iterator[Visits]:
    """`visits("Hello")`: a visitor of Sales. All of them end their conversations afterwards."""
    visitors: list[VisitorLine] = []

    def visit(body: str, button: str = "sales", **fields: str) -> VisitorLine:
        visitors.append(VisitorLine(product.url, button, body, **fields))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.leave()
