"""A whole day of compliance in a real browser, on a desk with an archive: what leaves it is checked elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.story.compliance import ComplianceWindow
from tests.browser.story.compliance_day import answers_request, exports, holds_and_searches, redacts, retains
from tests.services.chromium import Watch
from tests.services.product import Product, clean_environment

pytestmark = [pytest.mark.browser, pytest.mark.once]
CONVERSATIONS = 150


@pytest.fixture(scope="module")
def archive() -> Iterator[Product]:
    """A desk of its own: its records go."""
    with Product() as product:
        env = {**clean_environment(), "CHATDESK_VAR": str(product.folder / "var")}
        subprocess.run([sys.executable, "manage.py", "demo_archive", str(CONVERSATIONS)], env=env, check=True)
        yield product


@pytest.fixture
def product(archive: Product) -> Product:
    return archive


@pytest.fixture
def sits_down(archive: Product, watch: Watch, browser: Browser) -> Callable[[str], ComplianceWindow]:
    def sit(name: str) -> ComplianceWindow:
        return ComplianceWindow(watch.context(browser, accept_downloads=True), archive, name, "complaint 2026-014")

    return sit


def gone(page: Page) -> int:
    return int(page.locator("#away-title .soft").inner_text())


def test_from_the_hold_to_the_destruction(
    archive: Product, sits_down: Callable[[str], ComplianceWindow], tmp_path: Path
) -> None:
    cora, colin = sits_down("cora"), sits_down("colin")
    seen: list[str] = []
    kept = holds_and_searches(cora, seen.append)
    redacts(cora, seen.append)
    said = exports(cora, colin, tmp_path, seen.append)
    assert said
    assert all("WHOLE: nothing was changed" in each for each in said)
    assert all("redact" in each for each in said), said
    held = cora.count_of("state:held")
    free = answers_request(cora, colin, archive, kept, seen.append)
    expect(cora.page.locator("pre.letter")).to_be_visible()
    retains(cora, colin, archive, seen.append)
    assert gone(cora.page) > 0
    assert cora.count_of("state:held") == held > 0
    cora.goes("retention/dry-run/")
    expect(cora.page.locator("dl.facts dd").first).not_to_have_text("0")
    assert cora.count_of(f"ref:{kept}") == 1
    assert cora.count_of(f"ref:{free}") == 0
    days = ["hold", "search", "reading", "redaction", "export", "request", "answer", "policy", "dry-run", "put-away"]
    assert seen == days
