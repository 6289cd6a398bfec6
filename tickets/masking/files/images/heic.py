"""HEIC and AVIF (ISO/IEC 23008-12): the items that hold Exif and XMP are blanked. Turning is a property, and stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tickets.masking.files.images.boxes import Box, blank_around, boxes
from tickets.masking.results import Unclean, Why

BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_NOTHING_TOLD = b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"  # Exif data with an empty directory


_MAX_EXTENTS = 64  # of one item; more are never written, and would take long to follow


@dataclass
class Reader:
    """Numbers of changing width, one behind the other."""

    data: bytes | bytearray
    place: int

    def number(self, size: int) -> int:
        if self.place + size > len(self.data):
            raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
        found = int.from_bytes(self.data[self.place : self.place + size], "big")
        self.place += size
        return found


def clean_heic(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same picture without Exif, XMP and what is said around it."""
    copy = bytearray(data)
    meta = next((box for box in boxes(data, 0, len(data)) if box.kind == b"meta"), None)
    if meta is None:
        raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
    inner = {box.kind: box for box in boxes(data, meta.content + 4, meta.end)}
    if b"iinf" not in inner or b"iloc" not in inner:
        raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
    telling = {number: kind for number, kind in _items(data, inner[b"iinf"]) if kind in (b"Exif", b"mime", b"uri ")}
    for number, start, length in _extents(data, inner):
        if number in telling:
            _blank(copy, start, length, telling[number])
    described = [box for box in _properties(data, inner) if box.kind == b"udes"]
    for box in described:
        copy[box.content : box.end] = bytes(box.end - box.content)
    lost = blank_around(copy) or bool(telling) or bool(described)
    return bytes(copy), ("details of the picture",) if lost else ()


def _blank(copy: bytearray, start: int, length: int, kind: bytes) -> None:
    if start + length > len(copy):
        raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
    told = _NOTHING_TOLD if kind == b"Exif" and length >= len(_NOTHING_TOLD) else b""
    copy[start : start + length] = told.ljust(length, b" " if kind == b"mime" else b"\0")


def _properties(data: bytes, inner: dict[bytes, Box]) -> Iterator[Box]:
    """What is said of the items (9.3): how they are turned, and also what they are called."""
    told = inner.get(b"iprp")
    for container in boxes(data, told.content, told.end) if told else ():
        if container.kind == b"ipco":
            yield from boxes(data, container.content, container.end)


def _items(data: bytes, iinf: Box) -> Iterator[tuple[int, bytes]]:
    """Number and kind of each item (8.11.6)."""
    version = data[iinf.content]
    for box in boxes(data, iinf.content + (6 if version == 0 else 8), iinf.end):
        entry = Reader(data, box.content)
        version = entry.number(4) >> 24
        if box.kind != b"infe" or version < 2:
            continue
        number = entry.number(2 if version == 2 else 4)
        entry.number(2)
        yield number, bytes(data[entry.place : entry.place + 4])


def _extents(data: bytes, inner: dict[bytes, Box]) -> Iterator[tuple[int, int, int]]:
    """Item number, place in the file and length of each stretch of data (8.11.3)."""
    iloc = Reader(data, inner[b"iloc"].content)
    version = iloc.number(4) >> 24
    sizes = iloc.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    for _item in range(iloc.number(wide)):
        number = iloc.number(wide)
        is_inside = version in (1, 2) and iloc.number(2) & 15 == 1
        iloc.number(2)
        base = iloc.number(base_size) + (inner[b"idat"].content if is_inside and b"idat" in inner else 0)
        for _extent in range(min(iloc.number(2), _MAX_EXTENTS)):
            iloc.number(index_size)
            offset = iloc.number(offset_size)
            yield number, base + offset, iloc.number(length_size)
