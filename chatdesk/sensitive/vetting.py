"""Whether a pattern may be used at all: tried on texts that are made to keep it busy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations, islice
from math import prod

from chatdesk.sensitive.patterns import UNSOUND, compiled

QUICK = 0.03  # seconds on any of the texts
SIZES = (30, 300, 3000)
MOST_LETTERS = 8
ENDS = ("", "!", "\n", "\u2028x")
MOST_OFTEN, MOST_PARTS = 1000, 10_000
_CLASSES = {r"\d": "1", r"\w": "a", r"\s": " ", r"\D": "x", r"\W": "-", r"\S": "x", ".": "x"}


class Fault(StrEnum):
    UNREADABLE = "unreadable"
    EMPTY = "empty"  # it matches where there is nothing
    SLOW = "slow"


def fault_of(source: str) -> Fault | None:
    """Why a pattern can't be used; None if it can. Takes a second or two at most."""
    if _is_huge(source):
        return Fault.SLOW
    try:
        found = compiled(source)
    except UNSOUND:
        return Fault.UNREADABLE
    try:
        if found.search("", timeout=QUICK):
            return Fault.EMPTY
        for text in _hostile(source):
            found.sub("", text, timeout=QUICK, concurrent=True)
    except TimeoutError:
        return Fault.SLOW
    return None


def _is_huge(source: str) -> bool:
    """Repetitions are written out when a pattern is compiled, those within others many times over."""
    ends = [(int(least or 0), int(most or 0)) for least, most in re.findall(r"\{(\d*),?(\d*)\}", source, re.ASCII)]
    return any(max(each) > MOST_OFTEN for each in ends) or prod(max(1, least) for least, _most in ends) > MOST_PARTS


def _hostile(source: str) -> Iterator[str]:
    """Long repeats of what the pattern speaks of, ended by what it does not expect: short ones first."""
    letters = _letters(source)
    pieces = [*letters, *(one + other for one, other in combinations(letters, 2)), "".join(letters)]
    for size in SIZES:
        for piece in pieces:
            text = (piece * size)[:size]
            for end in ENDS:
                yield text + end


def _letters(source: str) -> list[str]:
    """Some letters that it matches: those it names, and one of each class."""
    classes = [letter for name, letter in _CLASSES.items() if name in source]
    named = re.findall(r"\w", re.sub(r"\\\w|\{[\d,]*\}|\(\?[\w:<>=!]*", "", source))
    return list(islice(dict.fromkeys([*classes, *named, "a", "1", " "]), MOST_LETTERS))
