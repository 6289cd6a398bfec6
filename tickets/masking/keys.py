"""Armoured OpenPGP and PEM blocks in a text: keys and signatures name their owners (RFC 9580, 6.2; RFC 7468)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tickets.masking.results import What
from tickets.masking.rules import Rules
from tickets.masking.spans import Span

_BEGIN = re.compile(r"-----BEGIN (PGP (?:PUBLIC KEY BLOCK|PRIVATE KEY BLOCK|SIGNATURE)|CERTIFICATE|PKCS7)-----")


def key_spans(text: str, rules: Rules) -> Iterator[Span]:
    after = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < after:
            continue
        ending = f"-----END {begin[1]}-----"
        end = text.find(ending, begin.end())
        after = len(text) if end < 0 else end + len(ending)
        yield Span(begin.start(), after, What.KEY, rules.words.key)
