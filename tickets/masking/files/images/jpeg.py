"""JPEG (ITU-T T.81): the segments that draw the picture stay, those that tell about it go."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tickets.masking.files.images.tiffs import orientation, upright
from tickets.masking.results import Unclean, Why

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_APP0, _EXIF, _APP2, _ADOBE, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_JFIF = b"JFIF\0"
_JFIF_LENGTH = 12  # without its thumbnail


def clean_jpeg(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same picture, turned the same way, and nothing else; what hangs behind its end is left out."""
    pieces = [b"\xff\xd8"]
    turned, lost = 1, False
    for marker, body in _segments(data):
        if marker == _EXIF and body.startswith(b"Exif\0\0"):
            turned = orientation(body[6:])
        kept = _kept(marker, body)
        lost = lost or kept != body
        if kept is not None:
            pieces.append(_segment(marker, kept) if marker != _EOI else b"\xff\xd9")
    told = upright(turned)
    if told:
        pieces.insert(1, _segment(_EXIF, b"Exif\0\0" + told))
    return b"".join(pieces), ("details of the picture",) if lost else ()


def _segment(marker: int, body: bytes) -> bytes:
    """A segment; of a scan, `body` holds the scan's data behind its head."""
    length = struct.unpack_from(">H", body)[0] if marker == _SOS else len(body) + 2
    head = b"" if marker == _SOS else struct.pack(">H", length)
    return bytes((0xFF, marker)) + head + body


def _kept(marker: int, body: bytes) -> bytes | None:
    if marker == _APP0 and body.startswith(_JFIF):
        return body[:_JFIF_LENGTH] + b"\0\0"
    if marker == _APP2 and body.startswith(b"ICC_PROFILE\0"):
        return body
    if marker == _ADOBE and body.startswith(b"Adobe"):
        return body[:12]
    return None if _APP0 <= marker <= _APP15 or marker == _COMMENT else body


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment up to the end of the picture."""
    place = 2
    while place + 1 < len(data):
        if data[place] != 0xFF:
            raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
        marker = data[place + 1]
        if marker == 0xFF or marker in _ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        if marker == _EOI:
            yield marker, b""
            return
        end = _end(data, place + 2, marker)
        yield marker, data[place + 2 if marker == _SOS else place + 4 : end]
        place = end
    raise Unclean(Why.UNCLEAN_FILE, "a picture without an end")


def _end(data: bytes, place: int, marker: int) -> int:
    if place + 2 > len(data):
        raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
    end = place + int(struct.unpack_from(">H", data, place)[0])
    return _scan_end(data, end) if marker == _SOS else end


def _scan_end(data: bytes, place: int) -> int:
    """Behind the scan's data: at the next marker that is no stuffed byte and no restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise Unclean(Why.UNCLEAN_FILE, "a picture without an end")
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2
