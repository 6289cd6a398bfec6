"""Which numbers payment cards have: the first digits each issuer uses, how long its numbers are, and the check digit.

ISO/IEC 7812 gives the numbers out; the ranges are those that the schemes publish for who takes their cards.
"""

from __future__ import annotations

from functools import lru_cache

LONG = range(16, 20)
_RANGES: tuple[tuple[str, str, tuple[int, ...] | range], ...] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14, *LONG)),  # Diners Club
    ("3095", "3095", (14, *LONG)),
    ("36", "36", (14, *LONG)),
    ("38", "39", (14, *LONG)),
    ("6011", "6011", LONG),  # Discover
    ("644", "649", LONG),
    ("65", "65", LONG),
    ("62", "62", LONG),  # UnionPay
    ("3528", "3589", LONG),  # JCB
    ("2131", "2131", (15,)),
    ("1800", "1800", (15,)),
    ("5018", "5018", range(12, 20)),  # Maestro
    ("5020", "5020", range(12, 20)),
    ("5038", "5038", range(12, 20)),
    ("5893", "5893", range(12, 20)),
    ("6304", "6304", range(12, 20)),
    ("6759", "6759", range(12, 20)),
    ("6761", "6763", range(12, 20)),
    ("5019", "5019", (16,)),  # Dankort
    ("2200", "2204", LONG),  # Mir
    ("9792", "9792", (16,)),  # Troy
    ("508", "509", (16, 18, 19)),  # RuPay, Elo
    ("506", "506", (16, 18, 19)),  # Verve, Elo
    ("6069", "6085", (16,)),  # RuPay
    ("8172", "8201", (16,)),
    ("5041", "5041", (16,)),  # Elo
    ("627780", "627780", (16,)),
    ("6362", "6363", (16,)),
    ("606282", "606282", (16, 19)),  # Hipercard
    ("8600", "8600", (16,)),  # UzCard
    ("9860", "9860", (16,)),  # Humo
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit fits the others: the formula of Luhn, ISO/IEC 7812-1, annex B."""
    plain, doubled = digits[::-2], digits[-2::-2]
    return (sum(map(int, plain)) + sum(_DOUBLED[int(each)] for each in doubled)) % 10 == 0


def may_begin(digits: str) -> bool:
    """Whether a card's number could begin with these ASCII digits, as far as they go."""
    return any(low[: len(digits)] <= digits[: len(low)] <= high[: len(digits)] for low, high, _lengths in _RANGES)


def is_card(digits: str) -> bool:
    """Whether these ASCII digits are a card's number: an issuer's range, its length, and the check digit."""
    return len(digits) in _lengths(digits[:6]) and has_check_digit(digits)


@lru_cache(maxsize=4096)
def _lengths(first: str) -> frozenset[int]:
    return frozenset(size for low, high, sizes in _RANGES if low <= first[: len(low)] <= high for size in sizes)
