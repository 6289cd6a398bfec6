"""Small real files of every kind, and files that pretend."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
TEXT = "Grüße\nline two\ttabbed\n".encode()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MP3 = (b"\xff\xfb\x90\x00" + b"\x00" * 413) * 3


def picture(kind: str = "png", size: tuple[int, int] = (8, 6), colour: Any = (200, 30, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, colour).save(out, kind.upper(), **options)
    return out.getvalue()


def noise(kind: str, size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture that can't be packed, so that most of its bytes are pixels."""
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, kind.upper())
    return out.getvalue()


def animation(kind: str = "gif", frames: int = 3, size: tuple[int, int] = (8, 6)) -> bytes:
    out = io.BytesIO()
    images = [Image.new("RGB", size, ((n * 40) % 256, n % 256, 0)) for n in range(frames)]
    images[0].save(out, kind.upper(), save_all=True, append_images=images[1:], duration=70, loop=0)
    return out.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    """A valid head that announces width x height pixels, and a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def zipped(entries: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


Entries = dict[str, bytes | str]


def ooxml(media_type: str = WORD, part: str = "word/document.xml", more: Entries | None = None) -> bytes:
    types = f'<Types><Override PartName="/{part}" ContentType="{media_type}"/></Types>'
    return zipped({"[Content_Types].xml": types, part: "<x/>", **(more or {})})


def odf(media_type: str = "application/vnd.oasis.opendocument.text", more: Entries | None = None) -> bytes:
    return zipped({"mimetype": media_type, "content.xml": "<x/>", **(more or {})}, zipfile.ZIP_STORED)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


MP4 = _box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2avc1mp41") + _box(b"moov", b"\0" * 40) + _box(b"mdat", b"\1" * 64)

KINDS: dict[str, bytes] = {
    "png": picture("png"),
    "jpeg": picture("jpeg"),
    "webp": picture("webp"),
    "gif": picture("gif"),
    "pdf": PDF,
    "txt": TEXT,
    "docx": ooxml(),
    "xlsx": ooxml(EXCEL, "xl/workbook.xml"),
    "pptx": ooxml(SLIDES, "ppt/presentation.xml"),
    "odt": odf(),
    "ods": odf("application/vnd.oasis.opendocument.spreadsheet"),
    "zip": zipped({"readme.txt": "hello"}),
    "mp4": MP4,
    "mp3": MP3,
}
