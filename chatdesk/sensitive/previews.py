"""What is shown of a text while it is written: of a number that could become a card's, only the beginning."""

from __future__ import annotations

from chatdesk.sensitive.cards import is_phone
from chatdesk.sensitive.digits import Run, has_digit, runs_of
from chatdesk.sensitive.issuers import may_begin
from chatdesk.sensitive.masking import FIRST, mask
from chatdesk.sensitive.results import Span, What, without
from chatdesk.sensitive.rules import Rules

LEAST = 8  # digits


def mask_preview(text: str, rules: Rules) -> str:
    """As `mask`, and more: a number of eight digits and more is not shown before it is clear that it is no card's."""
    if not rules.cards or not has_digit(text):
        return mask(text, rules).text
    text = mask(text, rules).text
    runs = (run for run in runs_of(text) if not is_phone(text, run))
    spans = [span for run in runs for span in _unfinished(run)]
    return without(text, spans) if spans else text


def _unfinished(run: Run) -> list[Span]:
    for first in range(len(run)):
        digits = "".join(each.digits for each in run[first:])
        if len(digits) < LEAST:
            return []
        if may_begin(digits):
            places = [place for each in run[first:] for place in range(each.start, each.end)]
            return [Span(place, place + 1, What.CARD) for place in places[FIRST:]]
    return []
