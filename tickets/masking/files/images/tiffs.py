"""TIFF directories: of a TIFF file itself, and of the Exif data inside other pictures (TIFF 6.0; CIPA DC-008)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tickets.masking.results import Unclean, Why

ORIENTATION = 0x0112
# What drawing needs; everything else is told, not drawn: maker, place, time, words, thumbnails, private tags.
_DRAWN = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 266, ORIENTATION, 277, 278, 282, 283, 284, 290, 291, 292, 293, 296, 301}
    | {317, 318, 319, 320, 321, 332, 334, 336, 338, 339, 340, 341, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529}
    | {273, 279, 322, 323, 324, 325, 347, 530, 531, 532, 34675}
)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ENTRY = 12  # bytes
_MAX_DIRECTORIES = 500


@dataclass(frozen=True)
class Order:
    """Byte order of a TIFF, as struct writes it."""

    mark: str

    def short(self, data: bytes | bytearray, place: int) -> int:
        return int(struct.unpack_from(f"{self.mark}H", data, place)[0])

    def long(self, data: bytes | bytearray, place: int) -> int:
        return int(struct.unpack_from(f"{self.mark}L", data, place)[0])


def order_of(data: bytes | bytearray) -> Order | None:
    return {b"II*\0": Order("<"), b"MM\0*": Order(">")}.get(bytes(data[:4]))


def orientation(tiff: bytes) -> int:
    """How a picture is to be turned, 1 to 8; 1 (not at all) if nothing sound says so."""
    order = order_of(tiff)
    if order is None:
        return 1
    try:
        directory = order.long(tiff, 4)
        for entry in range(directory + 2, directory + 2 + _ENTRY * order.short(tiff, directory), _ENTRY):
            if order.short(tiff, entry) == ORIENTATION:
                turned = order.short(tiff, entry + 8)
                return turned if 1 <= turned <= 8 else 1
    except struct.error:
        return 1
    return 1


def upright(turned: int) -> bytes:
    """A TIFF that says nothing but how the picture is turned; empty if it isn't."""
    if turned == 1:
        return b""
    return b"II*\0" + struct.pack("<LHHHLHHL", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)


class Blankable(bytearray):
    """Bytes of which no more is blanked than there is, however often a file points to the same place."""

    blanked = 0

    def blank(self, start: int, size: int) -> None:
        self.blanked += size
        if self.blanked > 4 * len(self):
            raise Unclean(Why.UNCLEAN_FILE, "details that overlap")
        self[start : start + size] = bytes(size)


def clean_tiff(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A TIFF file in which only drawn tags are left; what the others said is blanked where it stood."""
    order = order_of(data)
    if order is None:
        raise Unclean(Why.UNCLEAN_FILE, "not a TIFF that can be read")
    copy, seen, place, lost = Blankable(data), set[int](), order.long(data, 4), False
    while place:
        if place in seen or len(seen) > _MAX_DIRECTORIES:
            raise Unclean(Why.UNCLEAN_FILE, "directories in a circle")
        seen.add(place)
        after, has_lost = _cleaned_directory(copy, place, order)
        lost, place = lost or has_lost, after
    return bytes(copy), ("details of the picture",) if lost else ()


def _cleaned_directory(data: Blankable, place: int, order: Order) -> tuple[int, bool]:
    """Rewrite one directory in its place; where the next one is, and whether anything was left out."""
    count = order.short(data, place)
    begin, end = place + 2, place + 2 + count * _ENTRY
    after = order.long(data, end)
    entries = [bytes(data[at : at + _ENTRY]) for at in range(begin, end, _ENTRY)]
    kept = [entry for entry in entries if order.short(entry, 0) in _DRAWN]
    for entry in entries:
        if order.short(entry, 0) not in _DRAWN:
            _blank(data, entry, order)
    directory = struct.pack(f"{order.mark}H", len(kept)) + b"".join(kept) + struct.pack(f"{order.mark}L", after)
    data[place : end + 4] = directory.ljust(end + 4 - place, b"\0")
    return after, len(kept) < len(entries)


def _blank(data: Blankable, entry: bytes, order: Order) -> None:
    size = _SIZES.get(order.short(entry, 2), 1) * order.long(entry, 4)
    start = order.long(entry, 8)
    if size > 4 and start + size <= len(data):
        data.blank(start, size)
