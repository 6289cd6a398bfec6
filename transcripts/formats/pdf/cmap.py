"""Which characters a font file has glyphs for: OpenType's "cmap" table, formats 4 and 12 (ISO/IEC 14496-22, 5.2.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

COLLECTION = b"ttcf"
UNICODE, WINDOWS = 0, 3
WINDOWS_UNICODE = (1, 10)
NO_CHARACTER = 0xFFFF
Span = tuple[int, int]  # first and last code point, both included


def spans_of(path: Path, index: int = 0) -> list[Span]:
    """The code points of a face. Nothing for a file that can't be read as a font."""
    try:
        return list(_spans(path.read_bytes(), index))
    except (OSError, struct.error, IndexError):
        return []


def _spans(data: bytes, index: int) -> Iterator[Span]:
    start = _cmap(data, index)
    if start is None:
        return
    (count,) = struct.unpack_from(">H", data, start + 2)
    places = set()
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * number)
        if platform == UNICODE or (platform == WINDOWS and encoding in WINDOWS_UNICODE):
            places.add(start + offset)
    for place in sorted(places):
        (form,) = struct.unpack_from(">H", data, place)
        if form == 12:
            yield from _groups(data, place)
        elif form == 4:
            yield from _segments(data, place)


def _cmap(data: bytes, index: int) -> int | None:
    """Where the table begins."""
    offset = struct.unpack_from(">L", data, 12 + 4 * index)[0] if data[:4] == COLLECTION else 0
    (count,) = struct.unpack_from(">H", data, offset + 4)
    for number in range(count):
        tag, _sum, start, _length = struct.unpack_from(">4sLLL", data, offset + 12 + 16 * number)
        if tag == b"cmap":
            return int(start)
    return None


def _groups(data: bytes, place: int) -> Iterator[Span]:
    (count,) = struct.unpack_from(">L", data, place + 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">LLL", data, place + 16 + 12 * number)
        yield first if glyph else first + 1, last


def _segments(data: bytes, place: int) -> Iterator[Span]:
    count = struct.unpack_from(">H", data, place + 6)[0] // 2
    form = f">{count}H"
    ends = struct.unpack_from(form, data, place + 14)
    starts = struct.unpack_from(form, data, place + 16 + 2 * count)
    deltas = struct.unpack_from(form, data, place + 16 + 4 * count)
    offsets_at = place + 16 + 6 * count
    offsets = struct.unpack_from(form, data, offsets_at)
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        if first == NO_CHARACTER:
            continue
        if offset == 0:
            yield from _shifted(first, last, delta)
        else:
            glyphs = struct.unpack_from(f">{last - first + 1}H", data, offsets_at + 2 * number + offset)
            yield from ((first + step, first + step) for step, glyph in enumerate(glyphs) if glyph)


def _shifted(first: int, last: int, delta: int) -> Iterator[Span]:
    """A segment whose glyphs are the code points plus `delta`; the one that comes to glyph 0 is missing."""
    hole = (0x10000 - delta) & 0xFFFF
    if first <= hole <= last:
        yield first, hole - 1
        yield hole + 1, last
    else:
        yield first, last
