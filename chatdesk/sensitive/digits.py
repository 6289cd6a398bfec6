"""Digits as people write them: in any script, in groups, with whatever stands between the groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Beside what \d knows: raised, lowered and circled ones, which a reader takes for the same.
_MORE = (
    "\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490"
    "\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\U00010a40-\U00010a43\U00010e60-\U00010e68"
    "\U00011052-\U0001105a\U0001f100-\U0001f10a"
)
DIGIT = rf"[\d{_MORE}]"
# What nobody sees, and the frame of a keycap.
_UNSEEN = (
    r"\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\u20e3"
)
_DASHES = r"\-\u00af\u02d7\u2010-\u2015\u2043\u207b\u2212\u23af\u2500\u2e3a\u2e3b\u30fc\ufe58\ufe63\uff0d"
_DOTS = r"._\u00b7\u2024\u2027\u2219\u22c5\u3002\u30fb\ufe52\uff0e\uff3f\uff61\uff65"
_SOFT = rf"[\s{_UNSEEN}{_DASHES}{_DOTS}]"
_GAP = re.compile(rf"{_SOFT}{{1,6}}|[,/|~+:*\\]|, ")
_SOFT_GAP = re.compile(rf"{_SOFT}+")
_GROUP = re.compile(rf"{DIGIT}+")
_ANY = re.compile(DIGIT)
_SIGNS = "0123456789"
_MANY = re.compile(rf"{DIGIT}(?:(?:(?!{DIGIT})\W){{0,6}}{DIGIT}){{11}}")
_MANY_ASCII = re.compile("[0-9](?:[^0-9A-Za-z]{0,6}[0-9]){11}")
_ESCAPED = re.compile(r"%(?:20|2[BDbd]|C2%A0|c2%a0)|&nbsp;|&#160;|&#8209;")
LONGEST_GAP = 6
FEWEST = 12


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without anything between them: where they stand, and which they are in ASCII."""

    start: int
    end: int
    digits: str


Run = list[Group]


def has_digit(text: str) -> bool:
    """Sign by sign: looking for one is many times as quick as asking a pattern."""
    for sign in _SIGNS:
        if sign in text:
            return True
    return not text.isascii() and _ANY.search(text) is not None


def has_number(text: str) -> bool:
    """Whether it has as many digits as a card, wherever they stand."""
    return not text.isascii() or sum(map(text.count, _SIGNS)) >= FEWEST


def unescaped(text: str) -> str:
    """Spaces and dashes as an address or a page writes them, as spaces of the same length: places stay places."""
    return _ESCAPED.sub(lambda match: " " * len(match[0]), text) if "%" in text or "&" in text else text


def has_many(text: str) -> bool:
    """Whether twelve digits stand near enough to each other for a number: a quick look, before the careful one."""
    return has_number(text) and (_MANY_ASCII if text.isascii() else _MANY).search(text) is not None


def ascii_digits(text: str) -> str:
    return text if text.isascii() else "".join(str(unicodedata.digit(each)) for each in text)


def groups_of(text: str, start: int = 0) -> Iterator[Group]:
    for match in _GROUP.finditer(text, start):
        yield Group(match.start(), match.end(), ascii_digits(match[0]))


def runs_of(text: str) -> Iterator[Run]:
    """Groups that could be one number: between them is only what people put between the parts of one."""
    run: Run = []
    for group in groups_of(text):
        if run and not _is_gap(text, run[-1].end, group.start):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def gaps_of(text: str, run: Run) -> list[str]:
    return [text[one.end : other.start] for one, other in pairwise(run)]


def is_soft(gap: str) -> bool:
    """Only spaces, dashes and points: people put these into any long number."""
    return _SOFT_GAP.fullmatch(gap) is not None


def _is_gap(text: str, start: int, end: int) -> bool:
    return end - start <= LONGEST_GAP and _GAP.fullmatch(text, start, end) is not None
