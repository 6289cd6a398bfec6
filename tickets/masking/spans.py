"""Places in a text that are to be masked, and what stands there instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tickets.masking.folding import Folded
from tickets.masking.results import Found, What

_WEIGHT = {kind: weight for weight, kind in enumerate(reversed(What))}  # the first of What wins where two overlap


@dataclass(frozen=True)
class Span:
    """From `start` up to `end`; `shown` stands there instead."""

    start: int
    end: int
    kind: What
    shown: str

    def unfolded(self, folded: Folded) -> Span:
        return Span(folded.start(self.start), folded.end(self.end), self.kind, self.shown)


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order and apart: what overlaps becomes one, called after the more secret of the two."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if result and span.start < result[-1].end:
            result[-1] = _joined(result[-1], span)
        else:
            result.append(span)
    return result


def _joined(one: Span, two: Span) -> Span:
    first = one if _WEIGHT[one.kind] >= _WEIGHT[two.kind] else two
    return Span(one.start, max(one.end, two.end), first.kind, first.shown)


def replaced(text: str, spans: list[Span]) -> tuple[str, tuple[Found, ...]]:
    """`text` with each span's word in its place. The spans are `merged`."""
    pieces: list[str] = []
    last = 0
    for span in spans:
        pieces += (text[last : span.start], span.shown)
        last = span.end
    found = tuple(Found(span.kind, text[span.start : span.end], span.shown) for span in spans)
    return "".join((*pieces, text[last:])), found
