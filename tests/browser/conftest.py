from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.desk.window import DeskWindow
from tests.browser.shut_shop import shut
from tests.browser.stage import Stage, seed
from tests.services.chromium import Watch
from tests.services.product import Product

Sits = Callable[..., DeskWindow]


@pytest.fixture
def sits(watch: Watch, browser: Browser, product: Product) -> Sits:
    """`sits("alice")`: a window of the desk, signed in and connected."""

    def sit(name: str, path: str = "/desk/", *, url: str = "", **options: Any) -> DeskWindow:
        return DeskWindow(watch.context(browser, **options), product, name, path, url=url)

    return sit


@pytest.fixture(scope="session")
def shop(live_product: Product) -> Product:
    """The demo desk with the visitors' shop in it."""
    seed(live_product)
    return live_product


@pytest.fixture(scope="session")
def shut_shop(shop: Product) -> Product:
    shut(shop)
    return shop


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Sessions by name: each operator signs in once a run."""
    return {}


@pytest.fixture
def stage(shop: Product, browser: Browser, watch: Watch, signed_in: dict[str, StorageState]) -> Stage:
    return Stage(shop, browser, watch, signed_in)
