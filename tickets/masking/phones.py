"""Telephone numbers, of which order numbers, dates and amounts must be told apart: only clear ones count."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from tickets.masking.results import What
from tickets.masking.rules import Rules
from tickets.masking.spans import Span

_DIGITS = r"(?:[ \u00a0.\-/()\u2010-\u2013]{0,3}\d){6,14}"
_EDGE = r"(?<![\w@+.,:/=#\-])"
_END = r"(?![\d@]|[.,/\-:]\d|[A-Za-z])"
_MANY_DIGITS = re.compile(r"\d(?:[ \u00a0.\-/()\u2010-\u2013]{0,3}\d){6,}")
_CUE = 40  # letters before the digits that may say what they are
_INTERNATIONAL = re.compile(rf"{_EDGE}\(?(?:\+|00)[ ]?\(?[1-9]{_DIGITS}{_END}")
_AMERICAN = re.compile(rf"{_EDGE}(?:\(\d{{3}}\)[ .\-]?|\d{{3}}[.\-]|\d{{3}} (?=\d{{3}}-))\d{{3}}[.\-]\d{{4}}{_END}")
_CUED = re.compile(
    r"(?:\b(?:tele(?:phone|fon|fax|phon)|tel|phone|fon|mobile?|mob|handy|cell|fax|call|whatsapp|t[ée]l|m[óo]vil)\b"
    r"|\u260e|\u260f|\U0001f4de|\U0001f4f1)[.:)\s\-]{0,4}(?:(?:no|nr|number|nummer)\b[.:\s]{0,3})?"
    rf"(?P<number>\(?\d{_DIGITS}){_END}",
    re.IGNORECASE,
)


def phone_spans(text: str, rules: Rules) -> Iterator[Span]:
    for digits in _MANY_DIGITS.finditer(text):
        yield from _near(text, max(0, digits.start() - _CUE), digits.end() + 1, rules)


def _near(text: str, begin: int, end: int, rules: Rules) -> Iterator[Span]:
    for match in _INTERNATIONAL.finditer(text, begin, end):
        if _is_number(match[0]):
            yield _span(match.start(), match.end(), rules)
    for match in _AMERICAN.finditer(text, begin, end):
        if _is_number(f"+1 {match[0]}"):
            yield _span(match.start(), match.end(), rules)
    for match in _CUED.finditer(text, begin, end):
        yield _span(match.start("number"), match.end("number"), rules)


def _span(start: int, end: int, rules: Rules) -> Span:
    return Span(start, end, What.PHONE, rules.words.phone)


def _is_number(written: str) -> bool:
    """Whether the numbering plans of the world (phonenumbers) know such a number. Behind a + its length is enough:
    nobody else writes so, and a plan may be newer than ours."""
    digits = re.sub(r"[^\d+]", "", written)
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", digits), None)
    except phonenumbers.NumberParseException:
        return False
    is_clear = written.lstrip("( ").startswith("+") and not written.startswith("+1 ")
    return phonenumbers.is_possible_number(number) if is_clear else phonenumbers.is_valid_number(number)
