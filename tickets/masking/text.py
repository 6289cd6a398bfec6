"""Plain text, masked."""

from __future__ import annotations

from tickets.masking.finding import spans_of
from tickets.masking.results import Found, Masked
from tickets.masking.rules import Rules
from tickets.masking.spans import replaced

_ROUNDS = 4  # what was masked may bring two halves together; then once more


def mask_text(text: str, rules: Rules) -> Masked:
    """`text` without what the rules hide, in whatever spelling. Linear in its length; twice is the same as once."""
    return masked(text, rules)


def masked(text: str, rules: Rules, *, is_name: bool = False) -> Masked:
    found: tuple[Found, ...] = ()
    for _round in range(_ROUNDS):
        spans = spans_of(text, rules, is_name=is_name)
        if not spans:
            break
        text, more = replaced(text, spans)
        found += more
    return Masked(text, found)
