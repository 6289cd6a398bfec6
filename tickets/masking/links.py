"""Names of sites and machines that tell who somebody is, and by rule every link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tickets.masking.folding import lowered, places
from tickets.masking.results import What
from tickets.masking.rules import Rules
from tickets.masking.spans import Span

_LINK = re.compile(r"(?:\bhttps?://|\bwww\.)[^\s<>\"']{2,2000}", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:[^\s/@<>\"']{0,200}@)?([^\s/:?#<>\"'@]+)", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\.[\w\-]{1,63}){0,10}(?://:s?ptth)?", re.IGNORECASE)
_BEHIND = re.compile(r"(?::\d{1,5})?(?:[/?#][^\s<>\"']{0,2000})?")
_WINDOW = 300
_ENDS = ".,;:!?)]}"


def link_spans(text: str, rules: Rules) -> Iterator[Span]:
    lower = lowered(text)
    for host in rules.hosts:
        for place in places(lower, host.casefold()):
            if _stands_alone(lower, place, place + len(host)):
                yield _site(text, place, place + len(host), rules)
    if rules.masks_links and ("http" in lower or "www." in lower):
        yield from _links(text, rules)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no longer name was meant: myhome.test, home.test.org."""
    before, behind = text[start - 1 : start], text[end : end + 2]
    if before.isalnum() or (before and before in "-_"):
        return False
    return not (behind[:1].isalnum() or behind[:1] in ("-", "_") or (behind[:1] == "." and behind[1:].isalnum()))


def _site(text: str, start: int, end: int, rules: Rules) -> Span:
    before = _BEFORE.match(text[max(0, start - _WINDOW) : start][::-1])
    behind = _BEHIND.match(text, end)
    end = _trimmed(text, end, behind.end() if behind else end)
    return Span(start - (before.end() if before else 0), end, What.SITE, rules.words.link)


def _trimmed(text: str, least: int, end: int) -> int:
    """A sentence's own signs at the end of a link are not part of it."""
    while end > least and text[end - 1] in _ENDS:
        end -= 1
    return end


def _links(text: str, rules: Rules) -> Iterator[Span]:
    for match in _LINK.finditer(text):
        host = _HOST.match(match[0])
        if host is None or not _is_ours(host[1].casefold(), rules):
            yield Span(match.start(), _trimmed(text, match.start() + 1, match.end()), What.LINK, rules.words.link)


def _is_ours(host: str, rules: Rules) -> bool:
    names = [rules.relay, *rules.own_hosts, *(each[1:] for each in rules.stays if each.startswith("@"))]
    return any(host == name or host.endswith(f".{name}") for name in names if name)
