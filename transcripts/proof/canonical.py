"""Canonical JSON: the one way to write a value as bytes, so that its hash is the same everywhere (RFC 8785)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"

MOST = 2**53 - 1  # beyond it a double, which is what RFC 8785 calls a number, can't tell neighbours apart
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)


def canonical(value: Json) -> bytes:
    """The value in UTF-8 as RFC 8785 writes it.

    Raises ValueError for what has no canonical form: NaN, infinities, whole numbers beyond 2**53 - 1, lone surrogates;
    TypeError for what is no JSON.
    """
    return (_encoder.encode(value) if _is_plain(value) else _text(value)).encode()


def text(value: str) -> str:
    """One text as it stands in canonical JSON (RFC 8785, 3.2.2.2), its quotes around it."""
    return _encoder.encode(value)


def _is_plain(value: object) -> bool:
    """Whether the quick encoder of the standard library writes it as RFC 8785 does."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if isinstance(value, dict):
        return all(type(key) is str and key.isascii() and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, int) and kind is int and -MOST <= value <= MOST


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{_encoder.encode(str(key))}:{_text(value[key])}" for key in sorted(value, key=_order))
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, str):
        return _encoder.encode(str(value))
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return f"[{','.join(map(_text, value))}]"
    if isinstance(value, bool) or value is None:
        return _encoder.encode(value)
    return number(value)


def _order(key: object) -> bytes:
    """Keys are sorted by their UTF-16 code units (RFC 8785, 3.2.3): not the order of code points beyond U+FFFF."""
    if not isinstance(key, str):
        raise TypeError(f"a key is text, not {type(key).__name__}")
    return key.encode("utf-16-be", "surrogatepass")


def number(value: object) -> str:
    """A number as ECMAScript writes it (RFC 8785, 3.2.2.3)."""
    if isinstance(value, int):
        if abs(value) > MOST:
            raise ValueError("a whole number beyond 2**53 - 1 has no canonical form")
        return str(int(value))
    if not isinstance(value, float):
        raise TypeError(f"{type(value).__name__} is no JSON")
    if not math.isfinite(value):
        raise ValueError("NaN and infinities have no canonical form")
    return _real(value) if value else "0"


def _real(value: float) -> str:
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}e0".partition("e")
    power = int(exponent.removesuffix("e0") or 0)
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + power - (len(whole + fraction) - len(digits))  # the value is 0.DIGITS * 10**point
    return sign + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """ECMAScript's Number::toString: digits of the shortest form, and where the point stands."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{mantissa}e{point - 1:+d}"
