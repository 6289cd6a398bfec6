"""Mail written piece by piece (RFC 5322, 2045 to 2047, 2231): CRLF, lines of at most 78 bytes, no part in memory."""

from __future__ import annotations

import base64
import re
from binascii import b2a_qp
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import IO
from urllib.parse import quote

from transcripts.formats.names import safe_name
from transcripts.formats.text import one_line, printable

LINE = 57 * 1024  # bytes that become whole lines of base64
TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
PLAIN = re.compile(r"[\x20-\x7e]*")


def encoded_words(text: str, used: int) -> str:
    """A text as words of RFC 2047 (B, UTF-8), each on a line of its own; `used` of the first line is taken."""
    words, kept, room = [], b"", (62 - used) // 4 * 3
    for char in text:
        code = char.encode()
        if len(kept + code) > room:
            words.append(kept)
            kept, room = b"", 45
        kept += code
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in [*words, kept])


def header(name: str, value: str) -> bytes:
    """A header of free text; whatever is in it, it stays one header."""
    text = one_line(value)
    short = PLAIN.fullmatch(text) and "=?" not in text and text == text.strip()
    # A long word can't be folded, and is better read on one line than encoded: 998 is the limit, 78 a wish (2.1.1).
    if short and (len(name) + len(text) < 77 or (" " not in text and len(text) < 128)):
        return f"{name}: {text}\r\n".encode()
    return f"{name}: {encoded_words(text, len(name) + 2)}\r\n".encode()


def mailbox(name: str, email: str) -> str:
    """A name and a plain address (RFC 5322 3.4); the name may hold anything."""
    text = one_line(name).strip()
    if not text:
        return email
    plain = ATOMS.fullmatch(text) and len(text) < 40 and "=?" not in text
    if plain and len(text) + len(email) < 65:
        return f"{text} <{email}>"
    return f"{text if plain else encoded_words(text, 6)}\r\n <{email}>"


def addresses(name: str, boxes: Sequence[str]) -> bytes:
    """A header of addresses, each on a line of its own; an empty list is a group without members (RFC 6854)."""
    listed = ",\r\n ".join(boxes) or "nobody:;"
    return f"{name}: {listed}\r\n".encode()


def date(at: datetime) -> bytes:
    """The Date header, in UTC."""
    return f"Date: {format_datetime(at)}\r\n".encode()


def text_part(subtype: str, text: Iterable[str]) -> Iterator[bytes]:
    """text/plain or text/html in quoted-printable. One text at a time is in memory."""
    yield f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
    lines = printable("".join(text)).replace("\r\n", "\n").replace("\r", "\n")
    told = b2a_qp(lines.encode()).replace(b"\n", b"\r\n")
    # "From " and "." at a line's start are for mbox and SMTP.
    yield re.sub(rb"(?m)^(From |\.)", lambda found: b"=%02X%b" % (found[1][0], found[1][1:]), told) + b"\r\n"


def base64_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines of 76 characters."""
    while chunk := file.read(LINE):
        code = base64.b64encode(chunk)
        yield b"\r\n".join(code[start : start + 76] for start in range(0, len(code), 76)) + b"\r\n"


def file_part(name: str, media_type: str, file: IO[bytes]) -> Iterator[bytes]:
    """An attachment. What may not be base64 (RFC 2046 5.2.1) or is no media type goes as plain bytes."""
    kind = media_type.lower()
    if not TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    yield (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n{_filename(safe_name(name))}\r\n\r\n"
    ).encode()
    yield from base64_lines(file)


def _filename(name: str) -> str:
    """filename* in pieces (RFC 2231 3): a long one stays within its lines."""
    text = quote(name, safe="")
    if len(text) < 55:
        return f" filename*=utf-8''{text}"
    pieces = re.findall(r"(?:%..|[^%]){1,18}", text)
    start = [f" filename*0*=utf-8''{pieces[0]}"]
    rest = [f" filename*{count}*={piece}" for count, piece in enumerate(pieces[1:], 1)]
    return ";\r\n".join(start + rest)


def multipart(subtype: str, boundary: str, parts: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Parts between boundaries. A boundary with "=_" can't occur in base64 or quoted-printable."""
    yield f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    for part in parts:
        yield f"--{boundary}\r\n".encode()
        yield from part
    yield f"--{boundary}--\r\n".encode()
