"""OpenPGP packets (RFC 9580, section 4): what is compressed is opened; user ids and file names are strings."""

from __future__ import annotations

import base64
import binascii
import bz2
import re
import zlib
from collections.abc import Iterator

ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----\r?\n(.*?)-----END", re.DOTALL)
COMPRESSED = 8


def inside_pgp(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Armour of PGP and of PEM alike: both are base64 between two lines."""
    for body in ARMOUR.findall(data):
        if inner := _unarmoured(body):
            yield "armour", inner
    if data and data[0] & 0x80 and len(data) < 2_000_000:
        yield from (("packet", inner) for inner in _packets(data))


def _unarmoured(body: bytes) -> bytes:
    lines = [line.strip() for line in body.splitlines()]
    bare = b"".join(line for line in lines if line and b":" not in line and not line.startswith(b"="))
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return b""


def _packets(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data) and data[at] & 0x80:
        tag, start, length = _header(data, at)
        if tag == COMPRESSED:
            yield _inflated(data[start : start + length])
        at = start + max(length, 1)


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where the body starts, its length); a length that isn't told reaches to the end."""
    first, rest = data[at], len(data) - at
    if not first & 0x40:
        size = (1, 2, 4, 0)[first & 3]
        start = at + 1 + size
        return first >> 2 & 15, start, int.from_bytes(data[at + 1 : start], "big") if size else rest
    told = data[at + 1] if rest > 1 else 0
    if told < 192:
        return first & 63, at + 2, told
    if told < 224:
        return first & 63, at + 3, (told - 192 << 8) + (data[at + 2] if rest > 2 else 0) + 192
    return first & 63, at + 6, int.from_bytes(data[at + 2 : at + 6], "big")


def _inflated(body: bytes) -> bytes:
    """RFC 9580, 5.6: one byte names the algorithm."""
    try:
        if body[:1] == b"\1":
            return zlib.decompressobj(-15).decompress(body[1:], 20_000_000)
        if body[:1] == b"\2":
            return zlib.decompressobj().decompress(body[1:], 20_000_000)
        return bz2.BZ2Decompressor().decompress(body[1:], 20_000_000) if body[:1] == b"\3" else b""
    except (zlib.error, OSError):
        return b""
