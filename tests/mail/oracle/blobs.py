"""What any bytes hold: the texts in them, and the bytes inside those (archives, PDF, keys, mails, base64 in a text)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.mail.oracle.archives import inside_archive
from tests.mail.oracle.coded import inside_text
from tests.mail.oracle.images import inside_image
from tests.mail.oracle.pdf import inside_pdf
from tests.mail.oracle.pgp import inside_pgp
from tests.mail.oracle.reading import DEEP_ENOUGH, Reading
from tests.mail.oracle.winmail import inside_winmail

NARROW = re.compile(rb"[\t\r\n\x20-\x7e]{5,}")
LITTLE, BIG = re.compile(rb"(?:[\t\r\n\x20-\x7e]\x00){5,}"), re.compile(rb"(?:\x00[\t\r\n\x20-\x7e]){5,}")
Inside = Iterator[tuple[str, bytes]]
OPENERS: tuple[Callable[[bytes], Inside], ...] = (
    inside_archive,
    inside_image,
    inside_pdf,
    inside_pgp,
    inside_winmail,
    inside_text,
)


def texts_of_bytes(data: bytes) -> Iterator[str]:
    """The bytes as text if they are one; else the strings in them, of one and of two bytes a character."""
    if b"\0" not in data[:100_000]:
        yield data.decode("utf-8", "replace") if _is_text(data) else _joined(NARROW, data, "latin-1")
        return
    yield _joined(NARROW, data, "latin-1")
    yield _joined(LITTLE, data, "utf-16-le")
    yield _joined(BIG, data, "utf-16-be")


def _is_text(data: bytes) -> bool:
    sample = data[:4000]
    strange = sum(byte < 9 or 13 < byte < 32 or byte > 126 for byte in sample)
    return strange * 2 <= len(sample) and b"%PDF" not in sample[:8] and not sample.startswith((b"\x89PNG", b"\xff\xd8"))


def _joined(pattern: re.Pattern[bytes], data: bytes, charset: str) -> str:
    return "\n".join(found.decode(charset, "replace") for found in pattern.findall(data))


def readings_of_blob(data: bytes, where: str, depth: int) -> Iterator[Reading]:
    yield from (Reading(where, text) for text in texts_of_bytes(data))
    if depth >= DEEP_ENOUGH:
        return
    for opener in OPENERS:
        for name, inner in opener(data):
            yield Reading(where, name)
            yield from readings_of_blob(inner, f"{where}/{name[:60]}", depth + 1)
