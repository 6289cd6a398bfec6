"""Header text: unfolding, encoded words (RFC 2047), parameters with their continuations (RFC 2231)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from tickets.reading.charsets import decode

MAX_CHARS = 100_000  # of one header's text; longer ones are cut
_FOLD = re.compile(r"\r?\n|\r")
_WORD = re.compile(r"=\?([^\s?*]{0,60})(?:\*[^\s?]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^\s?]{0,80}\?[bBqQ]\?)")
_RUN = re.compile(rf"(?:{_WORD.pattern})+")  # a character may be cut in two between neighbours
_BREAK = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PARAMETER = re.compile(
    r';\s*([^\s=;*"]{1,80})(?:\*(\d{1,3}))?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)',
    re.DOTALL,
)


def unfolded(value: bytes) -> str:
    """A header's value as one line of text, encoded words left as they are."""
    text = decode(value[:MAX_CHARS], "utf-8")
    return _FOLD.sub("", text).replace("\t", " ").strip()


def decoded_words(text: str) -> str:
    """`text` with its encoded words read (RFC 2047): one line, no control characters."""
    if "=?" in text:
        text = _BETWEEN_WORDS.sub(r"\1", text)
        text = _RUN.sub(_read_run, text)
    return one_line(text)


def one_line(text: str) -> str:
    """Without line breaks, control characters and space at the ends."""
    return _CONTROL.sub("", _BREAK.sub(" ", text)).strip()


def _read_run(run: re.Match[str]) -> str:
    read: list[str] = []
    pending, of_charset = b"", ""
    for word in _WORD.finditer(run[0]):
        data = _bytes_of(word[2], word[3])
        if word[1].lower() != of_charset:
            read.append(decode(pending, of_charset))
            pending, of_charset = b"", word[1].lower()
        pending += data
    return "".join([*read, decode(pending, of_charset)])


def _bytes_of(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)
    return unbase64(raw)


def unbase64(data: bytes) -> bytes:
    """What can be read of base64 with broken lines, foreign characters and missing or misplaced padding."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def parameters(value: str) -> dict[str, str]:
    """Parameters of a Content-Type or Content-Disposition by lower-case name, decoded (RFC 2231 and RFC 2047)."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, number, star, raw in _PARAMETER.findall(";" + value.partition(";")[2] if ";" in value else ""):
        pieces.setdefault(name.lower(), []).append((int(number or 0), bool(star), _unquoted(raw)))
    return {name: _joined(sorted(found)) for name, found in pieces.items()}


def _unquoted(raw: str) -> str:
    raw = raw.strip()
    if raw.startswith('"'):
        raw = raw[1:].removesuffix('"')
        return re.sub(r"\\([\\\"])", r"\1", raw)
    return raw


def _joined(pieces: Iterable[tuple[int, bool, str]]) -> str:
    ordered = [*pieces]
    if not any(star for _number, star, _text in ordered):
        return decoded_words("".join(text for _number, _star, text in ordered))
    charset, data = "", b""
    for number, star, piece in ordered:
        text = piece
        if star and number == 0 and piece.count("'") >= 2:
            charset, _language, text = piece.split("'", 2)
        data += unquote_to_bytes(text) if star else text.encode()
    return one_line(decode(data, charset))
