"""Mail addresses as they are written when they are meant to be read: with an @, or with one in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tickets.masking.domains import comparable, is_public
from tickets.masking.results import What
from tickets.masking.rules import Rules, local_key
from tickets.masking.spans import Span

_OPEN, _SHUT = r"[ \t]{0,2}[(\[{<][ \t]{0,2}", r"[ \t]{0,2}[)\]}>][ \t]{0,2}"
_DOT = rf"(?:\.|{_OPEN}(?:dot|punkt|punto|point|\.){_SHUT})"
_DOT_BACKWARDS = r"[ \t]{0,2}[)\]}>][ \t]{0,2}(?:tod|tknup|otnup|tniop|\.)[ \t]{0,2}[(\[{<][ \t]{0,2}"
_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_LITERAL = r"\[(?:IPv6:)?[0-9a-fA-F.:]{3,45}\]"

_BRACKETED = re.compile(r"[(\[{<][ \t]{0,2}(?:[aA][tT]|@|[äÄ][tT]|[aA][rR][rR][oO][bB][aA]|[cC][hH][eE][zZ])" + _SHUT)
_SIGN = re.compile(r"(?<=[\w\"'+\-.)\]}> ])@(?: (?=\w)|\r?\n[> \t]{0,4})?")
_DOMAIN = rf"{_LITERAL}|{_LABEL}(?:{_DOT}{_LABEL}){{0,10}}"
# Without spaces between words, what follows a domain looks like more of it: the ASCII reading comes first.
_READINGS = (re.compile(_DOMAIN, re.IGNORECASE | re.ASCII), re.compile(_DOMAIN, re.IGNORECASE))
_LABELS = re.compile(rf"({_LABEL})(?:{_DOT}|$)", re.IGNORECASE)
_UNSPACED = re.compile(r".*[\u2e80-\u9fff\uac00-\ud7ff](?=[!-~]+$)", re.DOTALL)
_LOCAL_BACKWARDS = re.compile(rf'"[^"\n@]{{1,64}}"|(?:[\w.+\-\']|{_DOT_BACKWARDS}){{1,64}}', re.IGNORECASE)
_DOT_WORDS = re.compile(rf"{_OPEN}(?:dot|punkt|punto|point|\.){_SHUT}", re.IGNORECASE)
_WINDOW = 200
_LOOSE = "'._-"  # what marks up or quotes an address rather than beginning it


@dataclass(frozen=True)
class Written:
    """An address as it stands in a text: its parts without decoration, and from where to where."""

    local: str
    domain: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str]:
        return local_key(self.local), self.domain

    @property
    def plain(self) -> str:
        return f"{self.local}@{self.domain}".casefold()


@dataclass(frozen=True)
class Sign:
    """What stands for the @: from where to where, blanks around it included."""

    start: int
    end: int
    is_bare: bool


def _signs(text: str) -> Iterator[Sign]:
    for match in _SIGN.finditer(text) if "@" in text else ():
        start, end = match.span()
        if match[0] != "@ ":
            yield Sign(start, end, is_bare=True)
        elif text[start - 1 : start] == " " and start > 1:
            yield Sign(start - 1, end, is_bare=True)  # `name @ home.test`, but not `Thanks @name`
        else:
            yield Sign(start, start + 1, is_bare=True)
    for match in _BRACKETED.finditer(text):
        start = match.start()
        blanks = start - len(text[max(0, start - 2) : start].rstrip(" \t")) - max(0, start - 2)
        yield Sign(start - blanks, match.end(), is_bare=False)


def address_spans(text: str, rules: Rules, *, is_name: bool = False) -> Iterator[Span]:
    """Every address in `text` that may not stay. `is_name`: of a file, where other words hang on an address."""
    after = 0
    for at in sorted(_signs(text), key=lambda sign: sign.start):
        span = _span(text, after, at, rules, is_name=is_name) if at.start >= after else None
        if span is not None:
            after = span.end
            yield span


def _span(text: str, after: int, at: Sign, rules: Rules, *, is_name: bool) -> Span | None:
    local, start = _local(text, after, at.start)
    if not local:
        return None
    before = text[max(after, at.start - _WINDOW) : at.start].casefold()
    local = _known_local(before, local, rules, is_name=is_name)
    start = at.start - len(local) if before.endswith(local.casefold()) else start
    domain, end = _domain(text, at.end, rules)
    if not domain:
        return _beginning(text, local, start, at, rules)
    return judged(Written(local, domain, start, end), rules)


def judged(address: Written, rules: Rules) -> Span | None:
    """The span of an address, named for whose it is; None if it may stay."""
    if address.plain in rules.stays:
        return None
    if address.domain == rules.relay:
        kind = What.TOKEN
    elif address.key in rules.people:
        kind = What.PROTECTED
    elif f"@{address.domain}" in rules.stays:
        return None
    else:
        kind = What.ADDRESS
    return Span(address.start, address.end, kind, rules.people.get(address.key) or rules.words.address)


def _local(text: str, after: int, at: int) -> tuple[str, int]:
    """The local part that ends at `at`, and where it begins."""
    backwards = text[max(after, at - _WINDOW) : at][::-1]
    match = _LOCAL_BACKWARDS.match(backwards)
    if match is None:
        return "", at
    written = match[0][::-1]
    bare = _UNSPACED.sub("", written).lstrip(_LOOSE)
    return _DOT_WORDS.sub(".", bare).rstrip("'"), at - len(bare)


def _known_local(before: str, local: str, rules: Rules, *, is_name: bool) -> str:
    """A protected local part with unusual letters is longer than what was taken; in a file's name it may be shorter."""
    for name in rules.odd_locals:
        if len(name) > len(local) and before.endswith(name):
            return name
    if is_name:
        for name in rules.plain_locals:
            if local.casefold().endswith(name) and local[: -len(name)][-1:] in _LOOSE:
                return name
    return local


def _domain(text: str, begin: int, rules: Rules) -> tuple[str, int]:
    """The domain at `begin`, as far as it is one, and its end; empty if there is none."""
    read = -1
    for reading in _READINGS:
        match = reading.match(text, begin)
        if match is None or match.end() == read:
            continue
        read = match.end()
        name, end = _public_part(match, rules)
        if name:
            return name, end
    return "", begin


def _public_part(match: re.Match[str], rules: Rules) -> tuple[str, int]:
    if match[0].startswith("["):
        return match[0].casefold(), match.end()
    if match[0].isalnum() and match[0].casefold() not in rules.locals_of:
        return "", match.start()  # one word, as in user@host
    labels = list(_LABELS.finditer(match[0]))
    while labels:
        name = comparable(".".join(label[1] for label in labels))
        if is_public(name) or name in rules.locals_of or name == rules.relay:
            return name, match.start() + labels[-1].end(1)
        labels.pop()
    return "", match.start()


def _beginning(text: str, local: str, start: int, at: Sign, rules: Rules) -> Span | None:
    """A protected local part with its @, whatever became of the rest, is the address still."""
    if not at.is_bare or local_key(local) not in rules.local_parts:
        return None
    behind = text[at.end : at.end + _WINDOW].casefold()
    known = [domain for domain in rules.locals_of if behind.startswith(domain)]
    return Span(start, at.end + max(map(len, known), default=0), What.PROTECTED, rules.words.address)
