"""The check code of a closed conversation: its place in the site's log and the beginning of the hash there.

Printed on a transcript, typed by people: Crockford's base 32, so that O and 0, I, L and 1 are the same.
"""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OIL", "011", " -")
LENGTH = 16  # signs of 5 bits: 80 bits of the leaf's hash
MOST_DIGITS = 15


def code_of(index: int, leaf_hash: str) -> str:
    """For example 1042-7GQ2-9FKM-3VXT-0A4B, from the leaf's index and its hash in hex."""
    bits = int(leaf_hash[: LENGTH * 5 // 4], 16)
    signs = "".join(SIGNS[bits >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5))
    return "-".join([str(index), *(signs[place : place + 4] for place in range(0, LENGTH, 4))])


def read(typed: str) -> tuple[int, str]:
    """The leaf's index, and the first 20 hex digits of its hash. Raises ValueError for what is no check code."""
    if len(typed) > 60:
        raise ValueError("this is no check code")
    plain = typed.upper().translate(ALIKE)
    index, signs = plain[:-LENGTH], plain[-LENGTH:]
    if not (index.isascii() and index.isdigit() and len(index) <= MOST_DIGITS and set(signs) <= set(SIGNS)):
        raise ValueError("this is no check code")
    bits = 0
    for sign in signs:
        bits = bits << 5 | SIGNS.index(sign)
    return int(index), f"{bits:0{LENGTH * 5 // 4}x}"
