"""Any places in any text: what is covered is gone, everything else stays in its order, and no sign is cut in two."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.actions.redacting.boxes import boxes
from transcripts.excerpts import Piece
from transcripts.models import Redaction, RedactionReason
from transcripts.spans import Part, Span, cover, parts, shown, whole_signs

pytestmark = pytest.mark.once

HARD = [
    *("e\u0301", "👩‍👩‍👧", "👍🏽", "🇩🇪🇫🇷", "❤️", "שלום", "سلام", "\u0e01\u0e33"),
    *("\u202e", "\r\n", "[redacted: A]", "a\u200db", "\x00"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(HARD), st.text(max_size=6)), max_size=12).map("".join)
PLACES = st.lists(
    st.builds(
        Span,
        st.integers(-3, 80),
        st.integers(-3, 80),
        st.sampled_from([("A",), ("B",), ("A", "B")]),
    ),
    max_size=5,
)


@given(TEXTS, PLACES)
def test_the_pieces_are_the_text(text: str, spans: list[Span]) -> None:
    assert "".join(part.text for part in parts(text, spans)) == text
    assert all(part.text for part in parts(text, spans))


@given(TEXTS, PLACES)
def test_what_is_covered_is_gone_and_the_rest_stays(text: str, spans: list[Span]) -> None:
    """By an account of its own, character by character."""
    hit = {place for span in spans for place in range(max(0, span.start), min(span.end, len(text)))}
    left, at = [], 0
    for part in parts(text, spans):
        if not part.labels:
            assert not hit & set(range(at, at + len(part.text)))
            left.append(part.text)
        at += len(part.text)
    assert "".join(left) == "".join(_without(cover(text, spans), parts(text, spans)))


def _without(covered: str, pieces: list[Part]) -> list[str]:
    """What a reader has of the text: the copy, with each label taken out where it stands."""
    kept = []
    for piece in pieces:
        here = shown(piece.labels) if piece.labels else piece.text
        assert covered.startswith(here)
        covered = covered.removeprefix(here)
        kept += [] if piece.labels else [here]
    assert covered == ""
    return kept


@given(TEXTS, PLACES)
def test_every_label_that_was_given_is_read(text: str, spans: list[Span]) -> None:
    covering = [span for span in spans if max(0, span.start) < min(span.end, len(text))]
    read = {label for part in parts(text, spans) for label in part.labels}
    assert read == {label for span in covering for label in span.labels}


@given(TEXTS, st.integers(-3, 80), st.integers(-3, 80))
def test_no_sign_is_cut_in_two(text: str, start: int, end: int) -> None:
    begin, stop = whole_signs(text, start, end)
    assert 0 <= begin <= stop <= len(text)
    if begin == stop:
        return
    assert begin <= max(0, start)
    assert stop >= min(end, len(text))
    for place in (begin, stop):
        if 0 < place < len(text) and text[place - 1] not in "\r\n":
            assert unicodedata.category(text[place])[0] != "M"
            assert "\u200d" not in (text[place], text[place - 1])


@pytest.mark.parametrize(
    ("text", "place", "covered"),
    [
        ("cafe\u0301 au lait", (0, 4), "[redacted: A] au lait"),
        ("cafe\u0301 au lait", (4, 5), "caf[redacted: A] au lait"),
        ("a👩‍👩‍👧b", (2, 3), "a[redacted: A]b"),
        ("👍🏽!", (1, 2), "[redacted: A]!"),
        ("🇩🇪🇫🇷", (2, 3), "🇩🇪[redacted: A]"),
        ("🇩🇪🇫🇷", (1, 2), "[redacted: A]🇫🇷"),
        ("one\r\ntwo", (3, 4), "one[redacted: A]two"),
        ("one\u0301\ntwo", (2, 3), "on[redacted: A]\ntwo"),
        ("שלום דנה", (5, 8), "שלום [redacted: A]"),
        ("abc", (1, 1), "abc"),
        ("abc", (2, 99), "ab[redacted: A]"),
    ],
)
def test_signs_of_several_characters(text: str, place: tuple[int, int], covered: str) -> None:
    assert cover(text, [Span(*place, ("A",))]) == covered


def test_what_overlaps_has_both_reasons_and_what_touches_stays_apart() -> None:
    spans = [Span(0, 3, ("A",)), Span(2, 5, ("B",)), Span(5, 7, ("C",)), Span(7, 9, ("C",))]
    assert cover("0123456789", spans) == "[redacted: A, B][redacted: C]9"


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4), st.integers(1, 7))
def test_boxes_and_found_words_share_a_text(text: str, places: list[tuple[int, int]], cut: int) -> None:
    reason = RedactionReason(code="a", name="A")
    marks = [
        Redaction(pk=pk, reason=reason, number=1, field="body", start=start, end=start + length)
        for pk, (start, length) in enumerate(places, 1)
    ]
    pieces = [Piece(text[at : at + cut], is_marked=at % 2 == 0) for at in range(0, len(text), cut)]
    found = boxes(pieces, marks)
    assert [piece.text for box in found for piece in box.pieces if not piece.text] == []
    told = [(char, piece.is_marked) for box in found for piece in box.pieces for char in piece.text]
    assert told == [(char, piece.is_marked) for piece in pieces for char in piece.text]
    if marks and text:
        assert {mark.pk for box in found for mark in box.marks} == {
            mark.pk for mark in marks if mark.end and (mark.end > len(text) or (mark.start or 0) < len(text))
        }
