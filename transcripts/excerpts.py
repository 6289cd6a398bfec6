"""Where words stand in a text: a piece around the first place, with the places marked. Pure; nothing is HTML here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from transcripts.words import Term, tokens

LENGTH: Final = 240
BEFORE: Final = 60
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Piece:
    text: str
    is_marked: bool = False


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The whole text in pieces, those that a term matches marked. Joined, they are the text."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _places(text, terms):
        if start < at:
            continue
        pieces += [Piece(text[at:start]), Piece(text[start:end], is_marked=True)]
        at = end
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text]


def excerpt(text: str, terms: Sequence[Term]) -> list[Piece]:
    """At most LENGTH characters around the first place, in one line, with … where it was cut."""
    first = next(_places(text, terms), (0, 0))[0]
    start = max(0, first - BEFORE) if len(text) > LENGTH else 0
    cut = text[start : start + LENGTH]
    line = " ".join(cut.split())
    return marked(f"{'…' * (start > 0)}{line}{'…' * (start + LENGTH < len(text))}", terms)


def _places(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Start and end of each match, from the left; at one place the longest first."""
    found = [(match.start(), match.end(), word) for match in WORD.finditer(text) for word in tokens(match[0])]
    for at, (start, _end, _word) in enumerate(found):
        ends = [end for term in terms if (end := _matched(found, at, term))]
        if ends:
            yield start, max(ends)


def _matched(found: Sequence[tuple[int, int, str]], at: int, term: Term) -> int:
    """Where a term that begins at word `at` ends; 0 if it does not stand there."""
    words = term.words
    there = found[at : at + len(words)]
    if len(there) < len(words) or any(
        word != wanted for (_s, _e, word), wanted in zip(there, words[:-1], strict=False)
    ):
        return 0
    last = there[-1][2]
    is_there = last.startswith(words[-1]) if term.is_prefix else last == words[-1]
    return there[-1][1] if is_there else 0
