"""Encoded words (RFC 2047) in a text, such as headers that were quoted as they travelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from tickets.masking.addresses import address_spans
from tickets.masking.results import What
from tickets.masking.rules import Rules
from tickets.masking.spans import Span

_WORD = r"=\?[\w\-*]{2,40}\?[bBqQ]\?[^?\s]{1,200}\?="
_WORDS = re.compile(rf"{_WORD}(?:[ \t\r\n]{{1,4}}{_WORD}){{0,20}}")


def encoded_spans(text: str, rules: Rules) -> Iterator[Span]:
    """Runs of encoded words that hide an address."""
    for match in _WORDS.finditer(text) if "=?" in text else ():
        if any(address_spans(decoded_words(match[0]), rules)):
            yield Span(match.start(), match.end(), What.ADDRESS, rules.words.address)


def decoded_words(text: str) -> str:
    """`text` with its encoded words read; empty if they can't be."""
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return ""
