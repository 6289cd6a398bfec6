"""Numbers for these tests: public ones of the schemes' own test pages, and ways to make more."""

from __future__ import annotations

from chatdesk.sensitive.issuers import has_check_digit

VISA = "4111111111111111"
MASTERCARD = "5555555555554444"
AMEX = "378282246310005"
DINERS = "30569309025904"
KNOWN = (
    VISA,
    MASTERCARD,
    AMEX,
    DINERS,
    "4012888888881881",
    "4000056655665556",
    "5105105105105100",
    "2223003122003222",
    "371449635398431",
    "36227206271667",
    "6011111111111117",
    "6011000990139424",
    "3530111333300000",
    "3566002020360505",
    "6200000000000005",
    "6205500000000000004",
    "6759649826438453",
    "2200770202778868",
    "9792030394440796",
    "6062826786276634",
)


def completed(digits: str) -> str:
    """`digits` and the check digit that fits them."""
    return next(f"{digits}{last}" for last in range(10) if has_check_digit(f"{digits}{last}"))


def grouped(digits: str, between: str = " ", *sizes: int) -> str:
    """In fours, or in groups of these sizes; the rest in the last."""
    ends, groups = [0], []
    for size in sizes or (4,) * 4:
        ends.append(ends[-1] + size)
        groups.append(digits[ends[-2] : ends[-1]])
    return between.join(each for each in (*groups, digits[ends[-1] :]) if each)


def in_script(digits: str, zero: str) -> str:
    """The same digits in the script whose zero this is."""
    return "".join(chr(ord(zero) + int(each)) for each in digits)
