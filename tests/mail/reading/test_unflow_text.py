"""Paragraphs that were broken for the journey are whole again; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.reading.flowed import unflowed
from tickets.reading.message import read
from tickets.reading.visible import visible_text

pytestmark = pytest.mark.once

FLOWED = [
    ("one \ntwo \nthree\nfour", "one two three\nfour"),
    ("> one \n> two\n>> three \n>> four\nfive", "> one two\n> > three four\nfive"),
    ("> one \ntwo", "> one \ntwo"),
    ("words\n-- \nAnn \nLee", "words\n-- \nAnn Lee"),
    (" From me\n >no quote", "From me\n>no quote"),
    (">\n> a\n>", ">\n> a\n>"),
    ("one \n\ntwo", "one \n\ntwo"),
    ("", ""),
]


@pytest.mark.parametrize(("sent", "meant"), FLOWED)
def test_soft_breaks_are_undone(sent: str, meant: str) -> None:
    assert unflowed(sent) == meant


def test_a_space_that_was_added_goes() -> None:
    assert unflowed("日本 \n語", delete_space=True) == "日本語"


def test_a_text_of_very_many_lines_stays() -> None:
    assert unflowed("a \n" * 40_000) == "a \n" * 40_000


@given(st.text(alphabet="ab> -\n", max_size=60))
def test_no_word_is_lost(text: str) -> None:
    assert "".join(unflowed(text).split()).replace(">", "") == "".join(text.split()).replace(">", "")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("text/plain; format=flowed", "a long line\nnext"),
        ("text/plain; Format=Flowed; DelSp=yes", "a longline\nnext"),
        ("text/plain", "a long\nline\nnext"),
        ("text/plain; format=fixed", "a long\nline\nnext"),
    ],
)
def test_a_mail_says_whether_its_text_flows(kind: str, shown: str) -> None:
    message = read(f"From: a@b.test\r\nContent-Type: {kind}\r\n\r\na long \r\nline\r\nnext\r\n".encode())
    assert visible_text(message).visible == shown
