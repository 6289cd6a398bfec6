"""Hiding what must not be kept: the one function that every door calls before it stores or shows a text."""

from __future__ import annotations

from chatdesk.sensitive.cards import Card, cards_in
from chatdesk.sensitive.codes import codes_in
from chatdesk.sensitive.digits import groups_of, has_digit
from chatdesk.sensitive.patterns import run_all
from chatdesk.sensitive.results import Masked, Span, What, without
from chatdesk.sensitive.rules import Rules

FIRST, LAST = 6, 4  # digits that may stay readable (PCI DSS 4.0.1, 3.4.1)
LONG_ENOUGH = 15  # of a shorter number the first ones go too: too few would be hidden between


def mask(text: str, rules: Rules) -> Masked:
    """`text` without card numbers, their codes, and what matches a pattern. Doing it again changes nothing more.

    Never raises; takes the same few milliseconds for a hostile text as patterns are allowed.
    """
    masked = mask_cards(text, rules) if rules.cards and has_digit(text) else Masked(text)
    return run_all(masked, rules.patterns) if rules.patterns else masked


def mask_cards(text: str, rules: Rules) -> Masked:
    cards = cards_in(text)
    spans = [span for card in cards for span in _hidden(text, card, rules)]
    spans += codes_in(text, cards)
    return Masked(without(text, spans), frozenset(each.what for each in spans)) if spans else Masked(text)


def _hidden(text: str, card: Card, rules: Rules) -> list[Span]:
    """The digits between the first and the last ones that stay."""
    places = [place for group in groups_of(text[card.start : card.end]) for place in range(group.start, group.end)]
    keeps = FIRST if rules.keeps_first and len(card.digits) >= LONG_ENOUGH else 0
    return [Span(card.start + each, card.start + each + 1, What.CARD) for each in places[keeps:-LAST]]
