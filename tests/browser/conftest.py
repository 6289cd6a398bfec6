from __future__ import annotations

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.stage import Stage, seed
from tests.services.chromium import Watch
from tests.services.product import Product


@pytest.fixture(scope="session")
def shop(live_product: Product) -> Product:
    """The demo desk with the visitors' shop in it."""
    seed(live_product)
    return live_product


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Sessions by name: each operator signs in once a run."""
    return {}


@pytest.fixture
def stage(shop: Product, browser: Browser, watch: Watch, signed_in: dict[str, StorageState]) -> Stage:
    return Stage(shop, browser, watch, signed_in)
