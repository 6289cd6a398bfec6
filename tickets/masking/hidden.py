"""Addresses that a link carries so that nobody sees them: base64 and hexadecimal words in it."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

from tickets.masking.addresses import address_spans
from tickets.masking.rules import Rules

_WORD = re.compile(r"[A-Za-z0-9+/_\-]{8,2000}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")


def hides_an_address(url: str, rules: Rules) -> bool:
    """Whether a word of `url` decodes to text with an address that is to be masked."""
    return any(_tells(plain, rules) for word in _WORD.findall(unquote(url)) for plain in _readings(word))


def _tells(plain: str, rules: Rules) -> bool:
    return "@" in plain and next(address_spans(plain, rules), None) is not None


def _readings(word: str) -> list[str]:
    """`word` decoded; slashes may be of the path, so each part counts too."""
    found = [bytes.fromhex(each).decode("latin-1") for each in _HEX.findall(word)]
    for part in {word, *word.split("/")}:
        usual = part.replace("-", "+").replace("_", "/").rstrip("=")
        if len(usual) % 4 != 1:
            found.append(base64.b64decode(usual + "=" * (-len(usual) % 4)).decode("latin-1"))
    return found
