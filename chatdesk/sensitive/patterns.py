"""Patterns that an admin wrote, each run for a limited time: whatever somebody writes, no chat waits for them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from chatdesk.sensitive.results import Masked, What

WHOLE = 0.02  # seconds for a whole text
PIECE = 0.005  # and for a piece of one that took longer
ALL_PIECES = 0.1
PIECE_CHARS, OVERLAP = 200, 60
# What the library raises for a text that is no pattern, or an impossible one.
UNSOUND = (regex.error, ValueError, OverflowError, RecursionError, MemoryError, KeyError, IndexError)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`number` names it where nothing else may, such as in logs. `replacement` is taken as it is."""

    number: int
    source: str
    replacement: str


@lru_cache(maxsize=256)
def compiled(source: str) -> Any:
    """A pattern of the library `regex`, which has no types. Raises regex.error for what is none."""
    return regex.compile(source, regex.IGNORECASE)


def is_sound(pattern: Pattern) -> bool:
    """Whether it is a pattern at all: one that came past the settings page must not stop anybody's message."""
    try:
        compiled(pattern.source)
    except UNSOUND:
        return False
    return True


def run_all(masked: Masked, patterns: Sequence[Pattern]) -> Masked:
    """What is left after each pattern in turn. What one can't judge in time is hidden as if it matched."""
    text, hidden, late = masked.text, set(masked.hidden), set(masked.late)
    for pattern in patterns:
        after, is_late = _replaced(text, pattern)
        if after != text:
            hidden.add(What.PATTERN)
        if is_late:
            late.add(pattern.number)
        text = after
    return Masked(text, frozenset(hidden), frozenset(late))


def _replaced(text: str, pattern: Pattern) -> tuple[str, bool]:
    try:
        return _without_matches(text, pattern, WHOLE), False
    except TimeoutError:
        return "".join(_by_pieces(text, pattern)), True


def _without_matches(text: str, pattern: Pattern, seconds: float) -> str:
    """`concurrent`: other threads work on while it looks."""
    replace = compiled(pattern.source).sub
    shown = pattern.replacement
    return str(replace(lambda match: shown if match[0] else "", text, timeout=seconds, concurrent=True))


def _by_pieces(text: str, pattern: Pattern) -> Iterator[str]:
    """A pattern that is slow on long texts is quick on short ones. What it can't judge even so is hidden whole."""
    until = time.monotonic() + ALL_PIECES
    for piece in _pieces(text):
        try:
            if time.monotonic() > until:
                raise TimeoutError
            yield _without_matches(piece, pattern, PIECE)
        except TimeoutError:
            yield pattern.replacement


def _pieces(text: str) -> Iterator[str]:
    """Cut at white space, where there is some."""
    start = 0
    while start < len(text):
        end = min(len(text), start + PIECE_CHARS)
        if end < len(text):
            blank = max(text.rfind(" ", end - OVERLAP, end), text.rfind("\n", end - OVERLAP, end))
            end = blank + 1 if blank > 0 else end
        yield text[start:end]
        start = end
