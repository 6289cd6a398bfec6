"""Many usual records of one conversation, hashed in one go: only whether all of them are whole, not which is not."""

from __future__ import annotations

import hashlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence

Row = tuple[bytes, ...]  # the groups of the pattern; what is not there is empty
STANDARD, SAFE = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")
NUMBERS = tuple(b"%d" % each for each in range(2000))
SALT = 18  # bytes of 22 signs and two more, of which the last two are nothing


def hashes_after(last: bytes, rows: Sequence[Row], ref: bytes, number: int) -> tuple[list[bytes], int] | None:
    """The hashes of the records of these rows, the first of which follows `last` with `number`, and how many fields are
    withheld; None for any doubt."""
    content, value, frame, refs, numbers, said, committed, stated, salts, _ = zip(*rows, strict=True)
    if refs.count(ref) != len(rows) or content.count(b"") != salts.count(b""):
        return None
    if numbers != _numbers(number, number + len(rows)):
        return None
    withheld = 0
    if content != said:
        withheld = sum(not shown and bool(name) for shown, name in zip(content, said, strict=True))
        if any(shown and shown != name for shown, name in zip(content, said, strict=True)):
            return None
    sha256, found = hashlib.sha256, []
    for each in frame:
        last = sha256(last + sha256(each).digest()).digest()
        found.append(last)
    if b"".join(found).hex().encode() != b"".join(stated):
        return None
    if b"" in content:
        committed = tuple(each for each, shown in zip(committed, content, strict=True) if shown)
        value, salts = tuple(filter(None, value)), tuple(filter(None, salts))
    return (found, withheld) if _are_said(value, committed, salts) else None


def _numbers(start: int, end: int) -> tuple[bytes, ...]:
    return NUMBERS[start:end] if end <= len(NUMBERS) else tuple(b"%d" % each for each in range(start, end))


def _are_said(values: Sequence[bytes], committed: Sequence[bytes], salts: Sequence[bytes]) -> bool:
    """Whether each value with its salt is what was committed to. Decoded and encoded again all at once."""
    if not values:
        return True
    joined = b"AA".join(salts) + b"AA"
    try:
        raw = a2b_base64(joined.translate(STANDARD))
    except ValueError:
        return False
    if b2a_base64(raw, newline=False).translate(SAFE) != joined or len(raw) != SALT * len(salts):
        return False
    sha256 = hashlib.sha256
    digests = [
        sha256(raw[place : place + 16] + value).digest()
        for place, value in zip(range(0, len(raw), SALT), values, strict=True)
    ]
    # 33 bytes, the last of them nothing, are 44 signs, the last of them an A: so they stand side by side.
    return b2a_base64(b"\0".join(digests) + b"\0", newline=False).translate(SAFE) == b"A".join(committed) + b"A"
