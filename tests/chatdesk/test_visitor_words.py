"""Waiting told as a range, colours with ink that can be read, and direction controls written out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.views.visitor.address import web_address
from chatdesk.views.visitor.colours import ink_on, luminance
from chatdesk.views.visitor.waits import about, waiting_words
from chatdesk.visible import DIRECTION, visible
from chatdesk.wait_range import wait_range

pytestmark = pytest.mark.once
TEXT_JS = Path(__file__).parents[2] / "static" / "shared" / "text.js"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about a minute"),
        (60, "about a minute"),
        (61, "about 1 to 2 minutes"),
        (180, "about 2 to 5 minutes"),
        (600, "about 7 to 15 minutes"),
    ],
)
def test_a_wait_is_a_range(seconds: int, words: str) -> None:
    assert about(seconds) == words


@given(st.integers(61, 100_000))
def test_the_range_holds_what_people_waited(seconds: int) -> None:
    low, high = map(int, re.findall(r"\d+", about(seconds)))
    assert 1 <= low < high
    assert low * 60 <= seconds <= high * 60


def test_the_card_says_place_and_wait() -> None:
    assert waiting_words(3, wait_range(180)) == (
        "We have your message. You are number 3 in the queue. Somebody will be with you in about 2 to 5 minutes."
    )


def test_nobody_there_is_said_plainly() -> None:
    words = waiting_words(1, None)
    assert "Nobody is here right now" in words
    assert "queue" not in words


@given(st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True))
def test_ink_can_be_read_on_every_colour(colour: str) -> None:
    lights = sorted((luminance(colour), luminance(ink_on(colour))))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_direction_controls_are_written_out() -> None:
    assert visible("a\u202eb\u2066c") == "a[U+202E]b[U+2066]c"
    assert visible("שלום\u200f مرحبا") == "שלום\u200f مرحبا"


def test_the_scripts_write_out_the_same() -> None:
    found = re.search(r"DIRECTION = /(\[.*?\])/g", TEXT_JS.read_text())
    assert found
    assert re.compile(found[1].encode().decode("unicode_escape")).pattern == DIRECTION.pattern


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//evil", "file:///etc/passwd", ""])
def test_only_web_addresses_are_passed_on(text: str) -> None:
    assert web_address(text) == ""


def test_a_long_address_is_cut() -> None:
    assert len(web_address("https://shop.example/" + "x" * 1000)) == 500
