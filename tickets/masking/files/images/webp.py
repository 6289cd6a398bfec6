"""WebP (RFC 9649): chunks that draw stay."""

from __future__ import annotations

import struct

from tickets.masking.files.images.tiffs import orientation, upright
from tickets.masking.results import Unclean, Why

_DRAWN = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def clean_webp(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same picture, turned the same way, without Exif, XMP and unknown chunks."""
    pieces: list[tuple[bytes, bytes]] = []
    place, told, lost = 12, b"", False
    end = min(len(data), 8 + int(struct.unpack_from("<L", data, 4)[0]))
    while place + 8 <= end:
        kind, length = struct.unpack_from("<4sL", data, place)
        body = data[place + 8 : place + 8 + length]
        if kind in _DRAWN:
            pieces.append((kind, body))
        elif kind == b"EXIF":
            told = upright(orientation(body.removeprefix(b"Exif\0\0")))
        lost, place = lost or kind not in _DRAWN, place + 8 + length + length % 2
    if not pieces:
        raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
    return _file(pieces, told), ("details of the picture",) if lost or end < len(data) else ()


def _file(pieces: list[tuple[bytes, bytes]], told: bytes) -> bytes:
    drawn = [(kind, _flags(body, bool(told)) if kind == b"VP8X" else body) for kind, body in pieces]
    if told and drawn[0][0] == b"VP8X":
        drawn.append((b"EXIF", told))
    content = b"WEBP" + b"".join(
        kind + struct.pack("<L", len(body)) + body + b"\0" * (len(body) % 2) for kind, body in drawn
    )
    return b"RIFF" + struct.pack("<L", len(content)) + content


def _flags(body: bytes, is_turned: bool) -> bytes:
    flags = body[0] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if is_turned else 0)
    return bytes((flags,)) + body[1:]
