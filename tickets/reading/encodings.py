"""Transfer encodings undone (RFC 2045, 6): as much as can be read, never an error."""

from __future__ import annotations

import binascii

from tickets.reading.words import unbase64


def decoded_body(body: bytes, encoding: str) -> bytes:
    """`body` with its Content-Transfer-Encoding undone; an unknown encoding leaves it as it is."""
    name = encoding.strip().strip("\"'").lower().partition(";")[0].strip()
    if name == "base64":
        return unbase64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _unuu(body)
    return body


def _unuu(body: bytes) -> bytes:
    """Lines between `begin` and `end`; a damaged line is read as far as its own length says."""
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    decoded: list[bytes] = []
    for line in lines:
        if line.strip() in {b"end", b"`", b""}:
            break
        decoded.append(_unuu_line(line))
    return b"".join(decoded)


def _unuu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
