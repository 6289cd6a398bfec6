"""PNG (ISO/IEC 15948): chunks that draw stay."""

from __future__ import annotations

import struct
import zlib

from tickets.masking.files.images.tiffs import orientation, upright
from tickets.masking.results import Unclean, Why

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DRAWN = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"hIST"}
    | {b"cICP", b"acTL", b"fcTL", b"fdAT", b"iCCP"}
)


def clean_png(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same picture without text, time, Exif data and whatever hangs behind its end."""
    pieces, place, lost = [SIGNATURE], len(SIGNATURE), False
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, place)
        body, end = data[place + 8 : place + 8 + length], place + 12 + length
        if kind in _DRAWN:
            pieces.append(_profile(body) if kind == b"iCCP" else data[place:end])
        elif kind == b"eXIf" and (told := upright(orientation(body))):
            pieces.append(_chunk(kind, told))
        lost, place = lost or kind not in _DRAWN, end
        if kind == b"IEND":
            return b"".join(pieces), ("details of the picture",) if lost or place < len(data) else ()
    raise Unclean(Why.UNCLEAN_FILE, "a picture without an end")


def _profile(body: bytes) -> bytes:
    """A colour profile under no name of its own."""
    return _chunk(b"iCCP", b"icc\0" + body.partition(b"\0")[2])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
