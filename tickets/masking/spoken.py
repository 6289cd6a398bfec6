"""Addresses written so that a program should miss them: v.real at home.test, v real @ home . test, bob at x dot test.

Such words stand in harmless sentences too ("look at example.com"), so all but the last count for known people only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tickets.masking.addresses import Written, judged
from tickets.masking.domains import is_public
from tickets.masking.folding import lowered, places
from tickets.masking.results import What
from tickets.masking.rules import Rules
from tickets.masking.spans import Span

_GAP = r"[\s_(\[{<\-]{1,2}"
_PAG = r"[\s_)\]}>\-]{1,2}"
_AT_BACKWARDS = re.compile(
    rf"[\s>]{{0,3}}@\s{{0,3}}|{_PAG}(?:ta|aborra|tä|zehc){_GAP}|[)\]}}]\s?a\s?[(\[{{]", re.IGNORECASE
)
_DOT = rf"(?:\s{{0,2}}\.\s{{0,2}}|{_GAP}(?:dot|punkt|punto|point|\.){_PAG})"
_SPELT = re.compile(r"\sat\s([\w\-]{1,63}(?:\s(?:dot|punkt|punto|point)\s[\w\-]{2,24}){1,3})(?![\w\-])", re.IGNORECASE)
_LOCAL_BACKWARDS = re.compile(r"[\w+\-](?:[\w.+\-]|\stod\s){0,63}", re.IGNORECASE)
_DOT_WORDS = (" dot ", " punkt ", " punto ", " point ")
_WINDOW = 160


def spoken_spans(text: str, rules: Rules) -> Iterator[Span]:
    lower = lowered(text)
    for domain, locals_ in rules.locals_of.items():
        for place in places(lower, domain.partition(".")[0]):
            span = _of_person(text, place, domain, locals_, rules)
            if span:
                yield span
    if any(word in lower for word in _DOT_WORDS):
        yield from _spelt_out(text, rules)


def _of_person(text: str, place: int, domain: str, locals_: frozenset[str], rules: Rules) -> Span | None:
    begin = max(0, place - _WINDOW)
    at = _AT_BACKWARDS.match(text[begin:place][::-1])
    end = _domain_pattern(domain).match(text, place) if at else None
    if at is None or end is None or at[0] == "@":
        return None
    before = _local_pattern(locals_).search(text[begin : place - at.end()])
    return _protected(begin + before.start(), end.end(), before["local"], domain, rules) if before else None


def _protected(start: int, end: int, local: str, domain: str, rules: Rules) -> Span:
    name = re.sub(rf"{_DOT}|[\s.]", "", local, flags=re.IGNORECASE).casefold()
    return Span(start, end, What.PROTECTED, rules.people.get((name, domain)) or rules.words.address)


@lru_cache(maxsize=256)
def _domain_pattern(domain: str) -> re.Pattern[str]:
    return re.compile(_DOT.join(re.escape(label) for label in domain.split(".")) + r"(?![\w\-])", re.IGNORECASE)


@lru_cache(maxsize=256)
def _local_pattern(locals_: frozenset[str]) -> re.Pattern[str]:
    """One of the local parts at the end, with dots or blanks between any two letters, and a +tag behind."""
    loose = "|".join(
        rf"(?:{_DOT}|[\s.]?)".join(map(re.escape, name)) for name in sorted(locals_, key=len, reverse=True)
    )
    return re.compile(rf"(?<![^\W_])(?P<local>{loose})(?:\+[\w.\-]{{0,40}})?$", re.IGNORECASE)


def _spelt_out(text: str, rules: Rules) -> Iterator[Span]:
    """`name at home dot test`: with both words, nobody means anything else."""
    for match in _SPELT.finditer(text):
        domain = re.sub(r"\s(?:dot|punkt|punto|point)\s", ".", match[1], flags=re.IGNORECASE).casefold()
        local = _LOCAL_BACKWARDS.match(text[max(0, match.start() - _WINDOW) : match.start()][::-1])
        if local and is_public(domain):
            name = re.sub(r"\sdot\s", ".", local[0][::-1], flags=re.IGNORECASE)
            span = judged(Written(name, domain, match.start() - len(local[0]), match.end()), rules)
            if span:
                yield span
