"""What pictures say besides their pixels. EXIF, IPTC and XMP are strings in the bytes; PNG may compress its texts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator


def inside_image(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _chunks(data)


def _chunks(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf"):
            yield kind.decode(), body
            yield kind.decode(), _inflated(body)
        at += length + 12


def _inflated(body: bytes) -> bytes:
    """A chunk's text: after the keyword's zero and the flags, wherever the compressed stream begins."""
    start = body.find(b"\x78", body.find(b"\0"))
    while start >= 0:
        try:
            return zlib.decompressobj().decompress(body[start:], 20_000_000)
        except zlib.error:
            start = body.find(b"\x78", start + 1)
    return b""
