"""What a check found: one sentence a thing, good or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """OPEN: not wrong, but somebody should know."""

    GOOD = "good"
    OPEN = "open"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """`about` is what was looked at, `words` a plain sentence, with what to do if something is wrong."""

    grade: Grade
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.grade.value:<6}{self.about}: {self.words}"


def good(about: str, words: str) -> Finding:
    return Finding(Grade.GOOD, str(about), str(words))


def still_open(about: str, words: str) -> Finding:
    return Finding(Grade.OPEN, str(about), str(words))


def wrong(about: str, words: str) -> Finding:
    return Finding(Grade.WRONG, str(about), str(words))
