"""The bytes of the demo's files: small, of the type they claim, and the same each time."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    data: bytes
    sha256: str


def described(media_type: str, mark: str) -> Content:
    """A file of this type with `mark` in it. Raises KeyError for a type that the archive does not have."""
    data = {"application/pdf": _pdf, "image/png": _png, "text/plain": _text}[media_type](mark)
    return Content(data, hashlib.sha256(data).hexdigest())


def _text(mark: str) -> bytes:
    return f"Größe: 12 × 30 cm\nMark: {mark}\n".encode()


def _png(mark: str) -> bytes:
    """One grey dot, and the mark as a comment (PNG, 11.3)."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Comment\x00" + mark.encode()),
        (b"IDAT", zlib.compress(b"\x00\x80")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pdf(mark: str) -> bytes:
    """One empty page with the mark as its title (ISO 32000-1, 7.5)."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</Title(" + mark.encode() + b")>>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%strailer\n<</Size 5/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return data + end % (table, len(data))
