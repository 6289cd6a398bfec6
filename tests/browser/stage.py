"""The visitors' stage: a shop with its own group, buttons and operators, so that no other test's people step in."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, StorageState

from tests.browser.operator_line import OperatorLine, sign_in
from tests.services.chromium import Watch
from tests.services.product import Product, clean_environment

SEED = """
from accounts.models import User
from chatdesk.demo import user_type
from chatdesk.models import Button
from routing.models import Group, Membership

def person(name, group, limit):
    kind = user_type("Operator")
    user = User.objects.create_user(f"{name}@desk.example", PASSWORD, display_name=name.title(), user_type=kind)
    Membership.objects.create(user=user, group=group, chat_limit=limit)

shop = Group.objects.create(name="Shop", slug="shop")
till = Group.objects.create(name="Till", slug="till")
person("olga", shop, 20)
person("otto", till, 1)
near = "http://127.0.0.1:*"
Button.objects.create(slug="plain", title="Shop", group=shop, greeting="Ask us.", allowed_sites=near)
Button.objects.create(slug="seen", title="Shop", group=shop, typing_preview="preview")
Button.objects.create(slug="hinted", title="Shop", group=shop, typing_preview="indicator")
Button.objects.create(slug="till", title="Till", group=till)
form = Button.objects.create(
    slug="form", title="Everything", name_field="optional", email_field="required", question_field="optional",
    question_label="Your order number", group_field="required", colour="#7a1fa2",
)
form.choices.set([shop, till])
"""


def seed(product: Product) -> None:
    """Put the shop into a running desk's database."""
    run_inside(product, f"PASSWORD = {product.password!r}\n{SEED}")


def run_inside(product: Product, code: str) -> None:
    """Run `code` on a running desk's database, in a process of its own: nobody publishes what it changes."""
    env = {**clean_environment(), "CHATDESK_VAR": str(product.folder / "var"), "PORT": str(product.port)}
    subprocess.run([sys.executable, "manage.py", "shell", "--no-imports", "-c", code], env=env, check=True, timeout=60)


@dataclass
class Stage:
    product: Product
    browser: Browser
    watch: Watch
    signed_in: dict[str, StorageState]

    def operator(self, name: str = "olga", *, fresh: bool = False) -> OperatorLine:
        """Somebody at the desk: here while the `with` block lasts. `fresh`: with a session that may be ended."""
        if fresh or name not in self.signed_in:
            context = self.watch.context(self.browser)
            sign_in(context, self.product, name)
            if fresh:
                return OperatorLine(context, self.product)
            self.signed_in[name] = context.storage_state()
            context.close()
        return OperatorLine(self.watch.context(self.browser, storage_state=self.signed_in[name]), self.product)

    def visitor(self, button: str = "plain", query: str = "", **window: object) -> Page:
        """A visitor's own browser, at a button's page."""
        page = self.watch.page(self.browser, **window)
        page.goto(f"{self.product.url}/chat/{button}/{query}")
        return page


def says(page: Page, text: str) -> None:
    """Write it and press Enter."""
    page.fill("#body", text)
    page.press("#body", "Enter")


def look(page: Page, state: str) -> None:
    """Look at the page (visible), or away (hidden)."""
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def holds_token(page: Page, button: str = "plain", **patience: float) -> None:
    """Wait until the browser can come back to the conversation: its first entry may be shown before that."""
    page.wait_for_function("(key) => localStorage.getItem(key)", arg=f"chatdesk.{button}", **patience)


def own_entry(page: Page, text: str) -> str:
    """What stands under an entry of the visitor's own: its time and state."""
    return page.locator(".entry.by-visitor", has_text=text).locator(".entry-state").inner_text()
