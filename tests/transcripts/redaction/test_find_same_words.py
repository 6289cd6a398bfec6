"""The same words, however they are written; what is not them is left alone."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from tests.factories import Cast
from tests.transcripts.exporting.archive import talked
from tests.transcripts.redaction.marking import marked, number_of
from transcripts.actions.redacting.hits import hits
from transcripts.actions.redacting.literal import places


def found(text: str, words: str, *, whole: bool = False) -> list[str]:
    return [text[start:end] for start, end in places(text, words, whole=whole)]


@pytest.mark.parametrize(
    ("text", "words", "there"),
    [
        ("Zebra, ZEBRA and zebras", "zebra", ["Zebra", "ZEBRA", "zebra"]),
        ("Jose\u0301 und José und JOSÉ", "josé", ["Jose\u0301", "José", "JOSÉ"]),
        ("New\nYork, new   york, New\u00a0York", "new york", ["New\nYork", "new   york", "New\u00a0York"]),
        ("Ze\u200bbra ze\u00adbra ze\u2060bra", "zebra", ["Ze\u200bbra", "ze\u00adbra", "ze\u2060bra"]),
        ("STRASSE Straße", "straße", ["STRASSE", "Straße"]),
        ("a.b (c) a*b", "a.b (c)", ["a.b (c)"]),
        ("דנה כהן", "דנה כהן", ["דנה כהן"]),
        ("👩‍👧 and 👩", "👩‍👧", ["👩‍👧"]),
        ("nothing", "zebra", []),
        ("anything", " \u200b\n", []),
        ("anything", "", []),
    ],
)
def test_however_they_are_written(text: str, words: str, there: list[str]) -> None:
    assert found(text, words) == there


@pytest.mark.parametrize(
    ("text", "words", "there"),
    [
        ("Ann, Annette and joann", "ann", ["Ann"]),
        ("Ann_1 Ann-Lee", "Ann", ["Ann"]),
        ("你好王小明先生", "王小明", ["王小明"]),
        ("(Ann)", "Ann", ["Ann"]),
    ],
)
def test_whole_words_where_words_have_ends(text: str, words: str, there: list[str]) -> None:
    assert found(text, words, whole=True) == there


@given(st.text(max_size=40), st.text(max_size=8), st.booleans())
def test_any_words_in_any_text_do_not_fail(text: str, words: str, whole: bool) -> None:
    for start, end in places(text, words, whole=whole):
        assert 0 <= start < end <= len(text)


LETTERS = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F, exclude_characters="ßİŉǰ"), min_size=1)


@given(LETTERS, st.sampled_from(["", "  ", "12. ", "— \u202e"]), st.booleans())
def test_what_stands_there_is_found(words: str, before: str, is_composed: bool) -> None:
    text = before + unicodedata.normalize("NFC" if is_composed else "NFD", words)
    assert any(end == len(text) for _start, end in places(text, words))


@pytest.mark.parametrize("words", ["a" * 200, "a " * 100, "\u0301" * 100, "(" * 100])
def test_no_words_take_long(words: str) -> None:
    before = time.monotonic()
    for text in ("a" * 20_000, "a " * 10_000, "a\u200b" * 10_000, "\u0301" * 10_000):
        list(places(text, words, whole=True))
    assert time.monotonic() - before < 5


def test_in_every_place_that_says_something(cast: Cast, cora: User) -> None:
    facts: dict[str, Any] = {
        "name": "Zebra Winter",
        "email": "zebra@shop.example",
        "question": "zebra?",
        "page": "https://x/zebra",
    }
    talk = talked(cast, "call zebra", files=1, note="a zebra", **facts)
    seen = [(hit.kind, hit.field, hit.words) for hit in hits([talk], "zebra", whole=False)]
    assert {field for _kind, field, _words in seen} == {"body", "name", "email", "question", "page"}
    assert {kind for kind, _field, _words in seen} >= {"opened", "message", "note"}
    assert [hit.kind for hit in hits([talk], "invoice", whole=False)] == ["file"]
    assert list(hits([talk], "", whole=False)) == []


def test_around_it_and_whether_it_is_covered_already(cast: Cast, cora: User) -> None:
    talk = talked(cast, f"{'x' * 50} zebra {'y' * 50}", "zebra", "zebra")
    number = number_of(talk, "message")
    marked(talk, cora, number=number, field="body", start=49, end=60)
    marked(talk, cora, number=number_of(talk, "message", 1))
    first, second, third = hits([talk], "zebra", whole=True)
    assert (first.before, first.after) == ("x" * 39 + " ", " " + "y" * 39)
    assert (first.is_covered, second.is_covered, third.is_covered) == (True, True, False)
    assert first.key.startswith(f"{talk.pk}-{number}-51-body")
