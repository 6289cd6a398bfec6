"""What looking for sensitive data answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DOT = "\u2022"  # stands for a hidden digit


class What(StrEnum):
    CARD = "card"
    CODE = "code"  # the three or four digits from a card, and what its magnetic strip says: never kept at all
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Span:
    """Letters of a text from `start` up to `end` that are hidden: digits by dots, or all of it by `words`."""

    start: int
    end: int
    what: What
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` as it may be kept; what was hidden in it; the numbers of patterns that ran out of time on it."""

    text: str
    hidden: frozenset[What] = frozenset()
    late: frozenset[int] = frozenset()


def without(text: str, spans: list[Span]) -> str:
    """`text` with these spans hidden. Of two that overlap, the one that begins first counts."""
    pieces: list[str] = []
    last = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if span.start < last:
            continue
        within = text[span.start : span.end]
        pieces += (text[last : span.start], _dotted(within) if span.words is None else span.words)
        last = span.end
    return "".join((*pieces, text[last:]))


def _dotted(text: str) -> str:
    return "".join(DOT if letter.isdigit() else letter for letter in text)
