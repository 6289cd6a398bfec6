"""A compliance officer's window: a hold, a search, exports, proof, redaction, retention and a request, by the pages."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.operator_line import sign_in
from tests.services.process import ROOT
from tests.services.product import Product, clean_environment

PATIENCE = 600_000  # ms: an export of a whole year of a busy desk may take its time


class ComplianceWindow:
    """Somebody of compliance, signed in, who has said what for."""

    def __init__(self, context: BrowserContext, product: Product, name: str, purpose: str) -> None:
        self.product = product
        sign_in(context, product, name)
        self.page: Page = context.new_page()
        self.goes("")
        self.page.get_by_label("Reason, in words").fill(purpose)
        self.page.get_by_role("button", name="Go on").click()
        self.page.wait_for_url(f"{product.url}/transcripts/")

    def goes(self, path: str) -> None:
        self.page.goto(f"{self.product.url}/transcripts/{path}")

    def opens_matter(self, number: str, name: str) -> None:
        self.goes("matters/")
        self.page.get_by_label("Number").fill(number)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Open it").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(number)

    def holds(self, name: str, scope: str, reason: str) -> None:
        self.goes("holds/new/")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("What it holds").fill(scope)
        self.page.get_by_label("Why it has to be kept").fill(reason)
        self.page.get_by_role("button", name="Count first").click()
        expect(self.page.get_by_role("status")).to_contain_text(scope)
        self.page.get_by_role("button", name="Place the hold").click()
        expect(self.page.get_by_text("The hold is in force.")).to_be_visible()

    def searches(self, words: str) -> None:
        self.goes("")
        self.page.get_by_label("Words and filters").fill(words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/transcripts/found/*/")
        expect(self.page.get_by_role("status")).to_contain_text("conversation")

    def count_of(self, words: str) -> int:
        self.searches(words)
        return int(self.page.get_by_role("status").locator("strong").inner_text().split()[0].replace(",", ""))

    def reads_first(self) -> str:
        """Its reference."""
        self.page.locator(".found-title a").first.click()
        expect(self.page.locator(".record")).to_be_visible()
        expect(self.page.locator(".proof")).to_contain_text("Whole:")
        return self.page.url.split("/transcripts/conversations/")[1].split("/")[0]

    def redacts(self, words: str) -> None:
        """In the first line of the open conversation that says so, by the form that needs no mouse."""
        line = self.page.locator(".record li", has_text=words).first
        line.locator(".redact-link").focus()
        self.page.keyboard.press("Enter")
        self.page.get_by_label("Only these words").fill(words)
        self.page.get_by_role("button", name="Redact").click()
        expect(self.page.locator(".record .covered").first).to_be_visible()

    def takes_request(self, refs: list[str]) -> str:
        """Somebody wants what is in these conversations erased. The request's address, below /transcripts/."""
        self.goes("requests/new/")
        self.page.get_by_label("What is asked for").select_option("erasure")
        self.page.get_by_label("How it came").select_option("letter")
        self.page.get_by_label("Conversations").fill("\n".join(refs))
        self.page.get_by_role("button", name="Take it down").click()
        expect(self.page.get_by_role("heading", name="1. Who asks")).to_be_visible()
        return self.page.url.split("/transcripts/")[1]

    def proves_who_asks(self) -> None:
        self.page.get_by_label("How it was checked").select_option("paper")
        self.page.get_by_role("button", name="It is they who ask").click()

    def means_all(self) -> None:
        self.page.get_by_role("button", name="This is all that is meant").click()
        expect(self.page.get_by_role("heading", name="3. Erase")).to_be_visible()

    def erases(self) -> None:
        self.page.get_by_label("This can't be brought back").check()
        self.page.get_by_role("button", name="Erase what may go").click()

    def answers(self) -> None:
        self.page.locator("#through").select_option("letter")
        self.page.get_by_role("button", name="It is answered").click()
        expect(self.page.get_by_role("heading", name="Answered", exact=True)).to_be_visible()

    def asks_for_export(self, query: str, formats: list[str]) -> str:
        """Its address, below /transcripts/."""
        self.goes("exports/")
        self.page.get_by_label("Search", exact=True).fill(query)
        for box in self.page.locator(".export-formats input").all():
            box.set_checked((box.get_attribute("value") or "") in formats)
        self.page.get_by_role("button", name="Ask for it").click()
        self.page.wait_for_url(re.compile(r"/transcripts/exports/[^/]+/$"))
        return self.page.url.split("/transcripts/")[1]

    def waits_for_approval(self) -> bool:
        """Whether a second person is asked, once the conversations are counted."""
        expect(self.page.locator("#state-title")).not_to_have_text("Being counted", timeout=PATIENCE)
        return self.page.get_by_text("Another person of compliance has to approve it").count() > 0

    def approves(self, export: str) -> None:
        self.goes(export)
        self.page.get_by_role("button", name="Approve").click()
        expect(self.page.get_by_role("button", name="Approve")).to_have_count(0)

    def fetches(self, export: str, folder: Path) -> list[Path]:
        """Every volume, unpacked, as a receiver elsewhere has it."""
        self.goes(export)
        links = self.page.locator("#state a[href*='/volumes/']")
        expect(links.first).to_be_visible(timeout=PATIENCE)
        return [self._fetched(links.nth(n), folder / f"volume{n + 1}") for n in range(links.count())]

    def _fetched(self, link: object, folder: Path) -> Path:
        with self.page.expect_download() as got:
            link.click()  # type: ignore[attr-defined]
        with zipfile.ZipFile(got.value.path()) as archive:
            archive.extractall(folder)
        return folder

    def counts_what_is_due(self) -> None:
        self.goes("retention/dry-run/")
        expect(self.page.get_by_text("Nothing was changed.")).to_be_visible()

    def wants_policy(self, days: int, reason: str) -> None:
        self.goes("retention/policies/new/")
        self.page.get_by_label("delete after, days").fill(str(days))
        self.page.get_by_label("Why this change").fill(reason)
        self.page.get_by_role("button", name="Save").click()
        expect(self.page.get_by_role("heading", name="To be agreed to")).to_be_visible()

    def agrees(self) -> None:
        self.goes("retention/")
        self.page.get_by_role("button", name="Agree: it may go").click()
        expect(self.page.get_by_text("Colin agreed.")).to_be_visible()


def verify(folder: Path, elsewhere: Path) -> str:
    """What the verifier says of it, run without Django, a database or an account, in another folder."""
    env = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "transcripts.verify", str(folder)],
        env=env, cwd=elsewhere, text=True, capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
