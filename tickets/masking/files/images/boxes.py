"""Boxes of the ISO base media format (ISO/IEC 14496-12): HEIC and AVIF pictures, MP4 and QuickTime films.

Nothing is moved: what tells about a picture or film is blanked where it stands, so all places in the file stay true.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tickets.masking.results import Unclean, Why

_INSIDE = frozenset({b"moov", b"trak", b"moof", b"traf", b"mdia", b"minf", b"edts"})
_TELLING = frozenset({b"udta", b"meta", b"uuid", b"cprt", b"ilst", b"loci"})
_MAX_BOXES = 20_000


@dataclass(frozen=True)
class Box:
    kind: bytes
    start: int
    content: int
    end: int


def boxes(data: bytes | bytearray, place: int, end: int) -> Iterator[Box]:
    for _count in range(_MAX_BOXES):
        if place + 8 > end:
            return
        size, kind = struct.unpack_from(">L4s", data, place)
        content = place + 8
        if size == 1:
            size, content = struct.unpack_from(">Q", data, content)[0], content + 8
        box = Box(kind, place, content, place + size if size else end)
        if box.end > end or box.end < box.content:
            raise Unclean(Why.UNCLEAN_FILE, "a damaged file")
        yield box
        place = box.end
    raise Unclean(Why.UNCLEAN_FILE, "too many parts")


def clean_film(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """An MP4 or QuickTime film without titles, places and makers."""
    copy = bytearray(data)
    lost = _blank_inside(copy, 0, len(copy), is_picture=False)
    return bytes(copy), ("details of the film",) if lost else ()


def blank_around(copy: bytearray) -> bool:
    """The same for a picture, whose one `meta` box draws it. Whether anything was blanked."""
    return _blank_inside(copy, 0, len(copy), is_picture=True)


def _blank_inside(copy: bytearray, place: int, end: int, *, is_picture: bool) -> bool:
    lost = False
    for box in boxes(copy, place, end):
        if box.kind in _TELLING and not (is_picture and box.kind == b"meta"):
            copy[box.start + 4 : box.start + 8] = b"free"
            copy[box.content : box.end] = bytes(box.end - box.content)
            lost = True
        elif box.kind in _INSIDE:
            lost = _blank_inside(copy, box.content, box.end, is_picture=False) or lost
    return lost
