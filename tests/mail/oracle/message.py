"""A mail taken apart: its bytes, header fields, parameters, parts by transfer encoding and charset, mails inside."""

from __future__ import annotations

import email
import email.policy
import re
from collections import defaultdict
from collections.abc import Iterator
from email.message import Message
from urllib.parse import unquote_to_bytes

from tests.mail.oracle.blobs import readings_of_blob, texts_of_bytes
from tests.mail.oracle.reading import DEEP_ENOUGH, Reading
from tests.mail.oracle.spellings import decoded

BASE64_LINE = re.compile(rb"^[A-Za-z0-9+/=]{60,}\r?\n", re.MULTILINE)
CONTINUED = re.compile(r"([\w-]+)\*(?:(\d+))?\*?=(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)")


def readings_of_mail(raw: bytes, where: str = "mail", depth: int = 0) -> Iterator[Reading]:
    """Every text in a mail. Base64 is left out of the bytes as they are: its parts are read decoded."""
    yield from (Reading(f"{where}: as it is", text) for text in texts_of_bytes(BASE64_LINE.sub(b"", raw)))
    if depth < DEEP_ENOUGH:
        yield from _parts(email.message_from_bytes(raw, policy=email.policy.compat32), where, depth)


def _parts(message: Message, where: str, depth: int) -> Iterator[Reading]:
    for number, part in enumerate(message.walk()):
        place = f"{where}/{number} {part.get_content_type()}"
        yield from _headers(part, place)
        if not part.is_multipart():
            yield from _body(part, place, depth)


def _headers(part: Message, place: str) -> Iterator[Reading]:
    for name, value in part.raw_items() if hasattr(part, "raw_items") else part.items():
        text = str(value)
        yield Reading(f"{place}: {name}", text)
        yield from (Reading(f"{place}: {name}", each) for each in continued(text))


def continued(text: str) -> Iterator[str]:
    """Parameters that RFC 2231 splits and encodes, put together."""
    pieces: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, number, value in CONTINUED.findall(text):
        pieces[name.lower()].append((int(number or 0), value.strip('"')))
    for found in pieces.values():
        joined = "".join(value for _number, value in sorted(found))
        charset, _, rest = joined.partition("'")
        yield decoded(unquote_to_bytes(rest.partition("'")[2]), charset) if rest else joined


def _body(part: Message, place: str, depth: int) -> Iterator[Reading]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return
    if charset := part.get_param("charset"):
        yield Reading(place, decoded(data, str(charset)))
    yield from readings_of_blob(data, place, depth + 1)
