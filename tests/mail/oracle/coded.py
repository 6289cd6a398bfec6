"""Bytes inside a text: base64, hexadecimal, uuencode, a whole mail."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
from collections.abc import Iterator

RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}(?:[ \t]*\r?\n[A-Za-z0-9+/_-]+)*={0,2}")
HEXADECIMAL = re.compile(rb"(?:[0-9a-fA-F]{2}\s?){20,}")
UU = re.compile(rb"begin \d{3,4} ([^\r\n]+)\r?\n(.*?)\r?\n`?\s*\r?\nend", re.DOTALL)
MAIL = re.compile(rb"\A\s*(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}\r?\n")


def inside_text(data: bytes) -> Iterator[tuple[str, bytes]]:
    if b"\0" in data[:1000]:
        return
    yield from (("base64", inner) for found in RUN.findall(data) if (inner := _base64(found)))
    yield from (("hex", bytes.fromhex(found.decode())) for found in HEXADECIMAL.findall(data))
    yield from ((name.decode("latin-1"), _uu(body)) for name, body in UU.findall(data))
    if MAIL.match(data):
        yield from _mail(data)


def _base64(found: bytes) -> bytes:
    bare = re.sub(rb"\s", b"", found).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(bare[: len(bare) - (len(bare) % 4 == 1)] + b"=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return b""


def _uu(body: bytes) -> bytes:
    lines = []
    for line in body.splitlines():
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            lines.append(line)
    return b"".join(lines)


def _mail(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The parts of a mail that is a file: its fields are text already."""
    for part in email.message_from_bytes(data.lstrip(), policy=email.policy.compat32).walk():
        inner = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(inner, bytes):
            charset = str(part.get_param("charset") or "utf-8")
            yield part.get_content_type(), _as_utf8(inner, charset)


def _as_utf8(data: bytes, charset: str) -> bytes:
    try:
        return data.decode(charset).encode()
    except (LookupError, ValueError):
        return data
