"""Places in a text that are covered: pure, counted in code points, never half of what a reader sees as one sign."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

JOINER = "\u200d"
MODIFIERS = range(0x1F3FB, 0x1F400)  # skin tones
REGIONAL = range(0x1F1E6, 0x1F200)  # two of them are a flag
TAGS = range(0xE0020, 0xE0080)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end`; `labels` is what is read instead."""

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: as it is, or covered by these labels."""

    text: str
    labels: tuple[str, ...] = ()


def shown(labels: Sequence[str]) -> str:
    """What stands in a copy for what is covered."""
    return f"[redacted: {', '.join(labels)}]"


def cover(text: str, spans: Iterable[Span]) -> str:
    """The text with each span's labels in its place."""
    return "".join(shown(part.labels) if part.labels else part.text for part in parts(text, spans))


def parts(text: str, spans: Iterable[Span]) -> list[Part]:
    """The whole text in pieces: joined, they are the text. What spans share has the labels of all of them."""
    found = [Span(*whole_signs(text, span.start, span.end), span.labels) for span in spans]
    pieces, at = [], 0
    for span in _joined(each for each in found if each.start < each.end):
        pieces += [Part(text[at : span.start]), Part(text[span.start : span.end], span.labels)]
        at = span.end
    return [piece for piece in [*pieces, Part(text[at:])] if piece.text]


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """From left to right; those that overlap, or touch with the same labels, as one."""
    last: Span | None = None
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if last and (span.start < last.end or (span.start == last.end and span.labels == last.labels)):
            labels = tuple(dict.fromkeys([*last.labels, *span.labels]))
            last = Span(last.start, max(last.end, span.end), labels)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def whole_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """The place widened to whole signs, and kept within the text: no accent, joiner or half flag is left standing."""
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    if start >= end:
        return start, start
    while 0 < start < len(text) and _holds(text, start):
        start -= 1
    while 0 < end < len(text) and _holds(text, end):
        end += 1
    return start, end


def _holds(text: str, place: int) -> bool:
    """Whether the characters before and behind this place are one sign (close to Unicode Standard Annex 29, 3)."""
    before, after = text[place - 1], text[place]
    if (before, after) == ("\r", "\n"):
        return True
    if before in "\r\n" or after in "\r\n":
        return False
    if JOINER in (before, after) or unicodedata.category(after)[0] == "M" or ord(after) in MODIFIERS:
        return True
    if ord(after) in TAGS:
        return True
    return ord(before) in REGIONAL and ord(after) in REGIONAL and _regional_before(text, place) % 2 == 1


def _regional_before(text: str, place: int) -> int:
    count = 0
    while place > count and ord(text[place - 1 - count]) in REGIONAL:
        count += 1
    return count
