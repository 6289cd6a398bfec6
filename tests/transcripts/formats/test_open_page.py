"""A page of hostile texts, opened in a real browser from disk: nothing runs, nothing is fetched, all can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.services.chromium import watching
from tests.transcripts.formats.cast import VERA, Store, full_story, said, story, write
from tests.transcripts.formats.test_agree import nasty_story
from tests.transcripts.formats.xlist import TEXTS
from transcripts.formats.page_style import STYLE

WIDTHS = (360, 768, 1360)
RTL = "\u05e9\u05dc\u05d5\u05dd"


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.browser
@pytest.mark.once
def test_x01_a_page_of_hostile_texts_is_quiet_and_fits(browser: Browser, tmp_path: Path) -> None:
    store = Store(chunk=100_000)
    write("html", [nasty_story(store)], store, tmp_path)
    with watching("file:///") as watch:
        page = watch.page(browser)
        page.on("dialog", lambda dialog: watch.problems.append(dialog.message))
        for name in ("conversations/Ab3-_xYz9.html", "index.html"):
            page.goto(f"file://{tmp_path}/{name}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert not sideways(page)
        page.goto(f"file://{tmp_path}/conversations/Ab3-_xYz9.html")
        assert page.locator("li").count() == 2 * len(TEXTS)
        assert page.locator("script, iframe, svg, form").count() == 0
        assert watch.unexpected() == []


@pytest.mark.browser
@pytest.mark.once
def test_texts_look_as_they_should(browser: Browser, tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    write("html", [story((*told.events, said(50, VERA, RTL), said(51, VERA, "two\nlines")))], store, tmp_path)
    with watching("file:///") as watch:
        page = watch.page(browser, color_scheme="dark")
        page.goto(f"file://{tmp_path}/conversations/Ab3-_xYz9.html")
        assert page.locator("#e50 .text").evaluate("e => getComputedStyle(e).direction") == "rtl"
        assert page.locator("#e51 .text").inner_text() == "two\nlines"
        assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(18, 23, 30)"
        page.locator("#e5 a").focus()
        assert page.locator("#e4 img").get_attribute("alt") == "photo.png"


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    full = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(full[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.once
@pytest.mark.parametrize("scheme", [0, 1])
def test_everything_can_be_read_in_light_and_dark(scheme: int) -> None:
    blocks = STYLE.split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]{3,6})", blocks[scheme].partition("* {")[0]))
    assert set(colours) == {"ink", "dim", "paper", "card", "line", "link", "aside"}
    for ground in ("paper", "card", "aside"):
        for text in ("ink", "dim", "link"):
            assert contrast(colours[text], colours[ground]) >= 4.5
