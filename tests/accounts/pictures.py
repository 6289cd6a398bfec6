"""Pictures, good and bad, made where they are needed."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

PLACE = b"48 deg 12 min north"


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), mode: str = "RGB", colour: str = "red") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def photo_with_facts() -> bytes:
    """A JPEG that lies on its side (EXIF orientation 6), with a camera's name, a comment and a place in it."""
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (200, 0, 400, 200))
    facts = Image.Exif()
    facts[0x0112] = 6
    facts[0x010F] = "Secret Camera"
    facts[0x010E] = PLACE.decode()
    written = io.BytesIO()
    image.save(written, "JPEG", exif=facts, comment=PLACE, quality=95)
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
