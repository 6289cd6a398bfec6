"""What every page owes every reader: axe finds nothing, in light and dark, narrow and wide, and nothing sticks out."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1360, "height": 850}
LOOKS: list[tuple[Literal["light", "dark"], dict[str, int]]] = [("light", WIDE), ("dark", NARROW)]
OTHER_LOOKS: list[tuple[Literal["light", "dark"], dict[str, int]]] = [("light", NARROW), ("dark", WIDE)]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = [*STANDARD, "best-practice"]
OF_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]  # what a colour or a width can change
AXES_OWN = "Applying inline style"  # axe tries styles on what it inspects; the page's policy refuses them, aloud

JUDGE = """(rules) => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" and ")}`))"""


def violations(page: Page, rules: list[str]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(JUDGE, rules)
    return found


def sticks_out(page: Page) -> list[str]:
    """What is wider than the window, if anything makes the page scroll sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("body *")].filter((node) => {
            const { left, right } = node.getBoundingClientRect();
            return node.checkVisibility() && (right > innerWidth + 1 || left < -1);
          }).slice(0, 5).map((node) => node.outerHTML.slice(0, 120))"""
    )
    return found


def faults(page: Page, rules: list[str] = EVERYTHING) -> list[str]:
    """Everything wrong with the page as it stands, in each look, said with the look it is wrong in."""
    found: list[str] = []
    for looks, asked in ((LOOKS, rules), (OTHER_LOOKS, OF_LOOKS)):
        for scheme, size in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.evaluate("document.getAnimations().forEach((one) => one.finish())")  # colours on their way to dark
            wrong = violations(page, asked) + [f"sticks out: {html}" for html in sticks_out(page)]
            found += [f"{page.url} {scheme} {size['width']}: {one}" for one in wrong]
    return found
