"""Zip (and so docx, xlsx, pptx, odt), tar, gzip, bzip2, xz. Bounded: a bomb is opened only a little."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

MEMBERS, BYTES = 300, 20_000_000
BROKEN = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)


def inside_archive(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        yield from _zip(data)
    elif data[:2] == b"\x1f\x8b":
        yield "gzip", _inflated(data, 47)
    elif data[:3] == b"BZh":
        yield from _whole("bzip2", bz2.BZ2Decompressor(), data)
    elif data[:6] == b"\xfd7zXZ\x00":
        yield from _whole("xz", lzma.LZMADecompressor(), data)
    elif data[257:262] == b"ustar":
        yield from _tar(data)


def _zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        return
    yield "comment", archive.comment
    for member in archive.infolist()[:MEMBERS]:
        yield member.filename, member.comment + b"\n" + member.extra
        yield member.filename, _read(archive, member)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            return file.read(BYTES)
    except BROKEN:
        return b""


def _inflated(data: bytes, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, BYTES)
    except zlib.error:
        return b""


def _whole(name: str, way: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        yield name, way.decompress(data, BYTES)
    except (OSError, EOFError, lzma.LZMAError):
        return


def _tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers()[:MEMBERS]:
                file = archive.extractfile(member) if member.isfile() else None
                yield member.name, file.read(BYTES) if file else b""
    except (tarfile.TarError, *BROKEN):
        return
