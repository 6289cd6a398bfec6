"""What trimming must never do: lose a line, take long, or fold a whole mail away."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.reading.test_trim_replies import SAMPLES
from tickets.reading.trimming import trim

pytestmark = pytest.mark.once

PIECES = [line for _name, text, _shown in SAMPLES for line in text.split("\n")]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=25).map("\n".join)


def words(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


@given(TEXTS)
def test_shown_and_folded_hold_every_word_of_a_text(text: str) -> None:
    trimmed = trim(text)
    assert words(trimmed.visible, trimmed.folded) == words(text)


@given(TEXTS, st.sampled_from(["Re: x", "Fwd: x", "WG: x", ""]))
def test_lines_keep_their_order_and_something_is_shown(text: str, subject: str) -> None:
    trimmed = trim(text, subject)
    lines = iter(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert all(any(shown.strip() == line.strip() for line in lines) for shown in trimmed.visible.split("\n"))
    assert bool(trimmed.visible) == bool(text.strip())


@given(st.text(alphabet="ab \n>-=*", max_size=60))
def test_text_without_quotes_marks_or_rules_is_shown_whole(text: str) -> None:
    plain = text.translate({ord(sign): "c" for sign in ">-=*"})
    assert trim(plain).visible.split() == plain.split()


@pytest.mark.parametrize("subject", ["Fwd: offer", "FW: offer", "WG: Angebot", "TR: offre", "RV: oferta", "转发: 报价"])
def test_a_subject_that_says_forwarded_keeps_the_mail_below(subject: str) -> None:
    text = "Please look.\n\nFrom: A <a@x.test>\nSent: 6 May 2024\nTo: B\nSubject: Offer\n\nTen boxes."
    assert trim(text, subject).folded == ""
    assert trim(text, f"Re: {subject}").visible == "Please look."


HARD = {
    "one line of quote signs": "> " * 500_000,
    "lines of quote signs": "> > >\n" * 29_000,
    "openers": "On\n" * 29_000,
    "openers with dates": "On 12 May 2024 10:12,\n" * 29_000,
    "ends": "wrote:\n" * 29_000,
    "fields": "From: x\n" * 29_000,
    "blocks": "From: a\nDate: b 1\nSubject: c\n" * 9_000,
    "rules": "--\n" * 29_000,
    "stars": ("*" * 590 + "x\n") * 1_700,
    "plain": "hello world, this is a text.\n" * 29_000,
    "quote after quote": "a wrote:\n> b\n" * 14_000,
    "devices": ("Sent from my " * 10 + "\n") * 8_000,
    "addresses": "a@b.test " * 110_000,
    "enclosed": ">>> a >>>\n<<< a <<<\n" * 14_000,
    "more lines than a person writes": "On 6 May 2024 a@b.test wrote:\n" * 100_000,
}


@pytest.mark.parametrize("name", HARD)
def test_hard_texts_take_no_time(name: str) -> None:
    began = time.process_time()
    trimmed = trim(HARD[name])
    assert time.process_time() - began < 2
    assert trimmed.visible


def test_a_line_of_dashes_that_would_leave_next_to_nothing_cuts_nothing() -> None:
    text = "Hi\n--\n" + "A long letter follows, in whole sentences. " * 20
    assert trim(text).folded == ""
    assert trim("Hi, all is well here.\n--\nAnn").folded == "--\nAnn"


def test_a_line_to_unsubscribe_is_folded() -> None:
    trimmed = trim("I agree.\n\nUnsubscribe: mailto:list@x.test?subject=unsubscribe")
    assert trimmed.visible == "I agree."


def test_line_ends_of_every_kind_part_lines() -> None:
    assert (
        trim("one\r\n\r\n> two\r\n").visible
        == trim("one\r\r> two\r").visible
        == trim("one\n\n> two\n").visible
        == "one"
    )


def test_a_text_of_quotes_and_nothing_else_is_shown() -> None:
    assert trim("On 6 May 2024 at 10:12, Ann <a@x.test> wrote:\n> one\n> two").visible.endswith("> two")
