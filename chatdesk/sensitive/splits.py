"""A number that comes in pieces: begun in one message, ended in the next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatdesk.sensitive.codes import code_alone, code_named
from chatdesk.sensitive.digits import DIGIT, Group, Run, has_digit, runs_of
from chatdesk.sensitive.issuers import is_card
from chatdesk.sensitive.results import DOT, Masked, Span, What, without

LEAST = 15  # digits: shorter ones, put together, are too often something else
LEAST_OF_MANY = 3
PIECES = 5  # earlier messages
MOST = 19
_BEGINS = re.compile(rf"[^\w{DOT}]{{0,6}}{DIGIT}")
_REST = re.compile(rf"[^\w{DOT}]{{0,6}}")


def may_continue(text: str) -> bool:
    """Whether the text could be the end of what another began: it begins with a digit, or names a card's code."""
    return _BEGINS.match(text) is not None or (has_digit(text) and bool(code_named(text)))


def mask_continued(text: str, earlier: Sequence[str]) -> Masked:
    """`text` without what ends a card's number that `earlier` texts of its author began, the newest first.

    Of those, what was said stays said. Digits that only end a number are all hidden: the first ones stand there.
    """
    if not earlier:
        return Masked(text)
    spans = _ends(text, _begun(earlier))
    if not spans and any(DOT * 2 in each for each in earlier):
        alone = code_alone(text)
        spans = [alone] if alone else code_named(text)
    return Masked(without(text, spans), frozenset(each.what for each in spans))


def _begun(earlier: Sequence[str]) -> list[str]:
    """The groups of digits that the earlier texts end with, in order, as far back as nothing else was said.

    Over more than two messages only groups count such as cards have: people also count, or answer with numbers.
    """
    groups: list[str] = []
    for text in earlier[:PIECES]:
        found = [group.digits for group in _last_run(text)]
        if groups and min(map(len, (*found, *groups)), default=0) < LEAST_OF_MANY:
            break
        groups = found + groups
        if not found or not _is_number_alone(text):
            break
    return groups


def _last_run(text: str) -> Run:
    runs = list(runs_of(text))
    return runs[-1] if runs and _REST.fullmatch(text, runs[-1][-1].end) else []


def _is_number_alone(text: str) -> bool:
    run = next(runs_of(text))
    return _REST.fullmatch(text, 0, run[0].start) is not None and _REST.fullmatch(text, run[-1].end) is not None


def _ends(text: str, begun: Sequence[str]) -> list[Span]:
    if not begun or not _BEGINS.match(text):
        return []
    run = next(runs_of(text))
    for first in range(len(begun)):
        before = "".join(begun[first:])
        for last in range(len(run)):
            digits = before + "".join(group.digits for group in run[: last + 1])
            if LEAST <= len(digits) <= MOST and is_card(digits):
                return [_all_of(run[: last + 1])]
    return []


def _all_of(run: Sequence[Group]) -> Span:
    return Span(run[0].start, run[-1].end, What.CARD)
