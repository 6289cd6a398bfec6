"""Makes mails, and what is in them, byte by byte: what a library would put right is what these tests are about."""

from __future__ import annotations

import struct
from base64 import encodebytes
from collections.abc import Sequence


def mail(*parts: bytes, kind: str = "mixed", head: str = "") -> bytes:
    """A multipart mail of parts that bring their own header fields."""
    top = f"From: V <v.real@home.test>\r\nSubject: Files\r\n{head}".encode()
    return top + multipart(*parts, kind=kind, boundary="top")


def multipart(*parts: bytes, kind: str, boundary: str) -> bytes:
    line = f"--{boundary}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode() + body + line + b"--\r\n"


def text(words: str | bytes, kind: str = "text/plain; charset=utf-8", **fields: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"Content-Type: {kind}\r\n{more}\r\n".encode() + (words.encode() if isinstance(words, str) else words)


def attached(data: bytes, kind: str, disposition: str = "attachment", **fields: str) -> bytes:
    if disposition:
        fields = {"Content_Disposition": disposition, **fields}
    return text(encodebytes(data), kind, Content_Transfer_Encoding="base64", **fields)


def tnef(files: Sequence[tuple[str, bytes]], rtf: bytes = b"", body: bytes = b"") -> bytes:
    """winmail.dat (MS-OXTNEF) with files, and a body as rich text or as plain text."""
    objects = _object(1, 0x9006, 8, struct.pack("<I", 0x10000)) + _object(1, 0x9007, 6, struct.pack("<II", 1252, 0))
    if body:
        objects += _object(1, 0x800C, 2, body + b"\0")
    if rtf:
        padded = rtf + b"\0" * (-len(rtf) % 4)
        objects += _object(1, 0x9003, 6, struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(rtf)) + padded)
    for name, data in files:
        objects += _object(2, 0x9002, 6, b"\0" * 14) + _object(2, 0x8010, 1, name.encode("cp1252") + b"\0")
        objects += _object(2, 0x800F, 6, data)
    return struct.pack("<IH", 0x223E9F78, 1) + objects + b"\0" * 16


def _object(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def packed_rtf(rtf: bytes, *, compressed: bool) -> bytes:
    """Rich text as TNEF holds it (MS-OXRTFCP): stored, or as literal bytes and one reference into the start."""
    if not compressed:
        return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    stream = bytearray(b"\x01" + struct.pack(">H", 0 << 4 | 4))  # the first six bytes stand at 0 of the window: {\rtf1
    rest = rtf.removeprefix(b"{\\rtf1")
    stream += rest[:7]
    for at in range(7, len(rest), 8):
        stream += b"\0" + rest[at : at + 8]
    return struct.pack("<II4sI", len(stream) + 12, len(rtf), b"LZFu", 0) + bytes(stream)
