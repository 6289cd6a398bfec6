"""What else is on a card and may never be kept: its code of three or four digits, and what its strip says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatdesk.sensitive.cards import Card
from chatdesk.sensitive.digits import DIGIT
from chatdesk.sensitive.results import Span, What

_SHORT_WORDS = ("cv", "csc", "cid", "cav", "security", "prüf", "pruef", "kpn", "crypto", "cripto", "أمان", "التحقق")
_ANYWHERE = (
    r"(?<![A-Za-z])(?:c[av]v[ -]?2?|cvc[ -]?2?|cvn[ -]?2?|csc|card[ -]security[ -](?:code|number)"
    r"|card[ -]verification\w*|karten-?pr(?:ü|ue)f\w*|kpn|cryptogramme|criptograma)(?![A-Za-z])"
)
_BESIDE_A_CARD = (
    r"(?:\b(?:security[ -]?code|cid|code|pr(?:ü|ue)f\w*|sicherheitscode|code de sécurité|código de seguridad|pin)\b"
    r"|رمز (?:الأمان|التحقق))"
)
_DIGITS = rf"(?<!{DIGIT})(?P<code>{DIGIT}(?:[ .\-]?{DIGIT}){{2,3}})(?![ .\-]?{DIGIT})"
_BETWEEN = rf"(?:(?!{DIGIT})[^\n]){{0,24}}?"
_NAMED = re.compile(rf"{_ANYWHERE}{_BETWEEN}{_DIGITS}", re.IGNORECASE)
_NAMED_BESIDE = re.compile(rf"(?:{_ANYWHERE}|{_BESIDE_A_CARD}){_BETWEEN}{_DIGITS}", re.IGNORECASE)
_DATE = rf"{DIGIT}{{1,2}}\s?[/\-.]\s?(?:20)?{DIGIT}{{2}}"
_BEHIND = re.compile(
    rf"[\s,;/|\-]{{1,3}}(?:(?:exp\w*|valid\w*|gültig\w*|bis)[.: ]{{0,3}})?(?:{_DATE}[\s,;/|\-]{{1,3}})?"
    rf"(?P<code>{DIGIT}{{3,4}})(?!{DIGIT}|[.,:]{DIGIT}|\s?(?:eur|usd|gbp|chf|[%€$£]))",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\W{{0,5}}(?:{_DATE}[\s,;/|\-]{{1,3}})?(?P<code>{DIGIT}{{3,4}})\W{{0,5}}")
_STRIP = re.compile(rf"(?:\^[^\^\n]{{1,40}}\^|[=D])(?P<code>{DIGIT}{{7,40}})")
_AMEX = 15
_FAR = 200  # letters between a card and a word for its code


def codes_in(text: str, cards: Sequence[Card]) -> Iterator[Span]:
    """Codes that are called so, and what stands behind a card's number where people write its code."""
    for card in cards:
        yield from _behind(text, card)
    lowered = text.lower()
    if not cards and not any(word in lowered for word in _SHORT_WORDS):
        return
    for match in (_NAMED_BESIDE if cards else _NAMED).finditer(text):
        if not cards or _is_near(match, cards) or _NAMED.match(text, match.start()):
            yield Span(match.start("code"), match.end("code"), What.CODE)


def code_alone(text: str) -> Span | None:
    """The code in a text that says nothing else, perhaps behind the month until which the card is valid."""
    match = _ALONE.fullmatch(text)
    return Span(match.start("code"), match.end("code"), What.CODE) if match else None


def code_named(text: str) -> list[Span]:
    """Codes in what follows a card's number: there, vaguer words mean them too."""
    return [Span(each.start("code"), each.end("code"), What.CODE) for each in _NAMED_BESIDE.finditer(text)]


def _behind(text: str, card: Card) -> Iterator[Span]:
    strip = _STRIP.match(text, card.end)
    match = strip or _BEHIND.match(text, card.end)
    if match is None:
        return
    size = match.end("code") - match.start("code")
    if strip or size == 3 or len(card.digits) == _AMEX or _DATED.match(text, card.end):
        yield Span(match.start("code"), match.end("code"), What.CODE)


_DATED = re.compile(rf"[\s,;/|\-]{{1,3}}(?:\w{{2,8}}[.: ]{{0,3}})?{_DATE}[\s,;/|\-]")


def _is_near(match: re.Match[str], cards: Sequence[Card]) -> bool:
    return any(card.start - _FAR < match.start("code") < card.end + _FAR for card in cards)
