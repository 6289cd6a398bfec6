"""Takes the pictures of the compliance desk at work, and times each step of a day there.

`python -m tests.browser.story.compliance_pictures [CONVERSATIONS]` (100,000 unless told), on the embedded desk.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.browser.story.compliance import ComplianceWindow
from tests.browser.story.compliance_day import answers_request, exports, holds_and_searches, redacts, retains
from tests.browser.story.pictures import IMAGES, SHARP
from tests.services.chromium import chromium
from tests.services.product import Product, clean_environment

CONVERSATIONS = 100_000
KEPT = {"search", "redaction", "export", "request", "put-away"}  # steps whose picture the documents show


class Steps:
    """Told after each step: takes its picture, and prints how long it took."""

    def __init__(self, cora: ComplianceWindow, folder: Path) -> None:
        self.cora, self.folder, self.since = cora, folder, time.monotonic()

    def __call__(self, name: str) -> None:
        print(f"{name:12} {time.monotonic() - self.since:8.1f} s", flush=True)
        folder = IMAGES if name in KEPT else self.folder
        self.cora.page.screenshot(path=folder / f"compliance-{name}.png")
        self.since = time.monotonic()


def window(browser: Browser) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 1360, "height": 850}, device_scale_factor=SHARP, locale="en-GB", accept_downloads=True
    )


def archive(product: Product, count: int) -> None:
    env = {**clean_environment(), "CHATDESK_VAR": str(product.folder / "var")}
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "manage.py", "demo_archive", str(count)], env=env, check=True, stdout=subprocess.DEVNULL
    )
    print(f"{count} conversations made in {time.monotonic() - begun:.0f} s", flush=True)


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="chatdesk-pictures-"))
    with Product() as product, chromium() as browser:
        archive(product, count)
        cora = ComplianceWindow(window(browser), product, "cora", "complaint 2026-014")
        colin = ComplianceWindow(window(browser), product, "colin", "second person for Cora")
        step = Steps(cora, folder)
        held = holds_and_searches(cora, step)
        redacts(cora, step)
        for said in exports(cora, colin, folder, step):
            print(said)
        step("verified")
        answers_request(cora, colin, product, held, step)
        retains(cora, colin, product, step)
    print(f"the other pictures: {folder}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CONVERSATIONS)
