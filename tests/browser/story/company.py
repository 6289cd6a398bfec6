"""Somebody new, who builds a company on the settings pages with the help beside them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.services.chromium import Watch
from tests.services.product import DEMO_PASSWORD, Product

PICTURES = os.environ.get("CHATDESK_PICTURES", "")  # a folder: each scene leaves a picture of its page there
PASSWORD = DEMO_PASSWORD


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES, f"{name}.png"), full_page=True)


def sign_in(page: Page, url: str, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{url}/accounts/login/?next=/desk/")
    page.get_by_label("E-mail").fill(name)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")


@dataclass
class Newcomer:
    """Ada, on her first day: an admin of an empty desk."""

    page: Page
    product: Product
    links: dict[str, str] = field(default_factory=dict)

    def arrives(self) -> None:
        """By the link that the desk prints when nobody works there yet."""
        found = re.search(r"(/first-run/\S+/)", self.product.output_soon("/first-run/"))
        assert found
        self.page.goto(self.product.url + found[1])
        self.page.get_by_label("E-mail").fill("ada@company.example")
        self.page.get_by_label("Display name").fill("Ada")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("Password, once more").fill(PASSWORD)
        picture(self.page, "01-first-run")
        self.page.get_by_role("button", name="Make the account").click()
        self.page.wait_for_url(lambda url: "/first-run/" not in url)
        self.page.goto(f"{self.product.url}/admin/")

    def reads(self, path: str, title: str, *words: str) -> None:
        """Open a settings page, follow its Help link, and find there what is looked for."""
        self.page.goto(f"{self.product.url}/admin/{path}")
        self.page.locator("#user-tools").get_by_role("link", name="Help").click()
        article = self.page.locator(".help-page")
        expect(article.locator("h1")).to_have_text(title)
        for each in words:
            expect(article).to_contain_text(each)
        self.page.go_back()

    def adds(self, model: str, scene: str, /, **facts: Any) -> None:
        """Make one by its form. `facts` are by the form's own names; `rows` are those below it."""
        rows = facts.pop("rows", {})
        self.page.goto(f"{self.product.url}/admin/{model}/add/")
        self._fill("", facts)
        for prefix, several in rows.items():
            for number, row in enumerate(several):
                self.page.locator(f"#{prefix}-group .add-row a").click()
                self._fill(f"{prefix}-{number}-", row)
        picture(self.page, f"{scene}")
        self.saves()

    def saves(self) -> None:
        self.page.locator("input[name=_save]").click()
        wrong = self.page.locator(".errornote, .errorlist")
        expect(self.page.locator(".messagelist .success").or_(wrong).first).to_be_visible()
        assert wrong.count() == 0, wrong.all_inner_texts()

    def invites(self, name: str, kind: str) -> None:
        """A person of that user type; the link for the password is shown this once."""
        self.adds("accounts/user", name, email=f"{name}@company.example", display_name=name.title(), user_type=kind)
        said = self.page.locator(".messagelist").inner_text()
        found = re.search(r"/accounts/password/set/\S+/", said)
        assert found, said
        self.links[name] = found[0]

    def welcomes(self, browser: Browser, watch: Watch, name: str) -> None:
        """The person chooses their own password, in a browser of their own."""
        page = watch.page(browser)
        page.goto(self.product.url + self.links[name])
        for box in page.locator("input[type=password]").all():
            box.fill(PASSWORD)
        page.get_by_role("button", name="Set the password").click()
        page.wait_for_url(lambda url: "/set-password" not in url and "/password/set/" not in url)
        page.context.close()

    def _fill(self, prefix: str, facts: dict[str, Any]) -> None:
        for key, value in facts.items():
            self._set(f"[name='{prefix}{key}']", value)

    def _set(self, selector: str, value: Any) -> None:
        box = self.page.locator(selector)
        if isinstance(value, bool):
            box.set_checked(value)
        elif isinstance(value, Member):
            self._choose(box.locator("xpath=.."), value.name)
        elif box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=value)
        else:
            box.fill(value)

    def _choose(self, cell: Any, name: str) -> None:
        """Somebody in a list that is searched by writing."""
        cell.locator(".select2-selection").click()
        self.page.locator(".select2-search__field").fill(name)
        self.page.locator(".select2-results__option", has_text=name).first.click()


@dataclass(frozen=True)
class Member:
    """A person, chosen by the display name from a list that is searched."""

    name: str
