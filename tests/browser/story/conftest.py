"""A desk of the stories' own: alice answers Sales, bob Support, sam may help anywhere; Sales previews typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.story.records import change
from tests.browser.story.visitor import VisitorWindow
from tests.services.chromium import Watch
from tests.services.product import Product

PREVIEW = "UPDATE chatdesk_button SET typing_preview = 'preview' WHERE slug = 'sales'"

Visits = Callable[..., VisitorWindow]


@pytest.fixture(scope="session")
def story_product() -> Iterator[Product]:
    with Product(env={"CHATDESK_LIMITS": "off"}) as product:
        change(product, PREVIEW)
        yield product


@pytest.fixture
def product(story_product: Product) -> Product:
    """The desk that the windows of a test look at."""
    return story_product


@pytest.fixture
def visits(watch: Watch, browser: Browser, product: Product) -> Iterator[Visits]:
    """`visits()`: a visitor of Sales, in a browser of their own. All end their conversations afterwards."""
    windows: list[VisitorWindow] = []

    def visit(button: str = "sales", url: str = "", **options: Any) -> VisitorWindow:
        windows.append(VisitorWindow(watch.page(browser, **options), product, button, url))
        return windows[-1]

    yield visit
    for window in windows:
        window.leaves()
