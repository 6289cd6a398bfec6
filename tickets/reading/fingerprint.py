"""What makes a mail this mail, read without parsing it: the same on every way it may take to us."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

LONGEST_ID = 500
_HEAD = 256 * 1024  # bytes in which the header is looked for
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Fingerprint:
    """`digest` is the SHA-256 of body, From, Date and Subject; servers add to the rest of a header on the way.

    `sender` is the From field as it was written.
    """

    message_id: str
    digest: str
    sender: str = ""


def fingerprint(raw: bytes) -> Fingerprint:
    """Of the bytes of a mail, whatever they are; line ends and blank lines at the end don't count."""
    head, body = _parts(raw.replace(b"\r\n", b"\n"))
    fields = _fields(head)
    hashed = hashlib.sha256()
    for name in (b"from", b"date", b"subject"):
        hashed.update(fields.get(name, b"") + b"\n")
    hashed.update(body.rstrip(b"\n"))
    named = fields.get(b"message-id", b"").decode("ascii", "replace").replace("\x00", "")
    return Fingerprint(named[:LONGEST_ID], hashed.hexdigest(), fields.get(b"from", b"").decode("utf-8", "replace"))


def head_of(raw: bytes) -> bytes:
    """The header alone, ended by its blank line."""
    end = _BLANK.search(raw, 0, _HEAD)
    return raw[: end.end()] if end else raw[:_HEAD]


def _parts(lines: bytes) -> tuple[bytes, bytes]:
    end = _BLANK.search(lines, 0, _HEAD)
    return (lines[: end.start()], lines[end.end() :]) if end else (lines[:_HEAD], lines[_HEAD:])


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The first of each header field, unfolded."""
    fields: dict[bytes, bytes] = {}
    for line in re.split(rb"\n(?![ \t])", head):
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().lower(), b" ".join(value.split()))
    return fields
