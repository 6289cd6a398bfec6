"""Whether a text tells who somebody is. Documents are never rewritten: what tells is held."""

from __future__ import annotations

from tickets.masking.finding import spans_of
from tickets.masking.results import Unclean, What, Why
from tickets.masking.rules import Rules

_SECRET = frozenset({What.PROTECTED, What.TOKEN, What.ADDRESS, What.SITE})


def tells(text: str, rules: Rules) -> bool:
    """Whether an address or a personal site stands in `text`. Numbers and links stay: letters are full of them."""
    return any(span.kind in _SECRET for span in spans_of(text, rules))


def check_text(text: str, rules: Rules, where: str = "") -> None:
    """Raises Unclean (ADDRESS_IN_FILE) if `text` tells who somebody is. `where`: plain words, without any of it."""
    if tells(text, rules):
        raise Unclean(Why.ADDRESS_IN_FILE, where)


def check_bytes(data: bytes, rules: Rules) -> None:
    """A last look at what was cleaned: no domain of protected people behind an @, in one or two bytes a letter."""
    lower = data.lower()
    for domain in rules.locals_of:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            if f"@{domain}".encode(encoding) in lower:
                raise Unclean(Why.ADDRESS_IN_FILE, "in a part that could not be cleaned")
