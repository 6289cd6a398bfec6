"""The parts of a mail: a MIME reader of bounded depth, count and work. Works on bytes only and never raises.

The standard library's parser takes a mail line by line; this one looks for boundaries in the whole, which is what makes
a mail with a large file cheap. What it finds it only cuts out: a part's bytes are decoded when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tickets.reading.encodings import decoded_body
from tickets.reading.words import parameters, unfolded

MAX_DEPTH = 20
MAX_PARTS = 500
MAX_HEADERS = 2_000
MAX_HEADER_BYTES = 1_000_000  # of one part's header block
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_LINE = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n?)*|[^\n]+")  # with the lines that it was folded into
_BOUNDARY_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_MEDIA_TYPE = re.compile(r"\s*([\w.+-]{1,80}/[\w.+-]{1,120})")

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Part:
    """One part: its header fields in order (names in lower case) and its body as it was sent."""

    headers: Headers
    body: bytes
    parts: tuple[Part, ...] = ()
    is_whole: bool = True  # False: something was too deep, too many or too long to be taken apart
    default_type: str = "text/plain"

    def all(self, name: str) -> tuple[str, ...]:
        """The values of a header as text, unfolded, encoded words as they are."""
        return tuple(unfolded(value) for key, value in self.headers if key == name)

    def first(self, name: str) -> str:
        return next((unfolded(value) for key, value in self.headers if key == name), "")

    @cached_property
    def media_type(self) -> str:
        """type/subtype in lower case; the default for a missing or unreadable one (RFC 2045, 5.2)."""
        match = _MEDIA_TYPE.match(self.first("content-type"))
        return match[1].lower() if match else self.default_type

    @cached_property
    def type_parameters(self) -> dict[str, str]:
        return parameters(self.first("content-type"))

    @cached_property
    def disposition(self) -> str:
        return self.first("content-disposition").partition(";")[0].strip().lower()

    @cached_property
    def disposition_parameters(self) -> dict[str, str]:
        return parameters(self.first("content-disposition"))

    @cached_property
    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as it can be."""
        return decoded_body(self.body, self.first("content-transfer-encoding"))


@dataclass
class _Budget:
    parts: int = MAX_PARTS
    is_whole: bool = field(default=True)


def take_apart(raw: bytes) -> Part:
    """The tree of a mail's parts. Work is linear in its size times MAX_DEPTH."""
    budget = _Budget()
    part = _part(_with_line_ends(raw), 0, budget, "text/plain")
    return part if budget.is_whole else Part(part.headers, part.body, part.parts, is_whole=False)


def _with_line_ends(raw: bytes) -> bytes:
    """Past what is no header at the start (mbox lines, blank lines); a mail with CR alone gets line ends."""
    raw = raw.lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return raw if b"\n" in raw[:100_000] else raw.replace(b"\r", b"\n")


def _part(raw: bytes, depth: int, budget: _Budget, default_type: str) -> Part:
    headers, body = split_headers(raw)
    part = Part(headers, body, default_type=default_type)
    if not part.media_type.startswith("multipart/"):
        return part
    boundary = part.type_parameters.get("boundary", "").encode("utf-8", "replace")
    if depth >= MAX_DEPTH or not boundary:
        budget.is_whole = budget.is_whole and depth < MAX_DEPTH
        return part
    nested_default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
    pieces = _pieces(body, boundary, budget)
    parts = tuple(_part(piece, depth + 1, budget, nested_default) for piece in pieces)
    return Part(headers, b"", parts) if parts else part


def split_headers(raw: bytes) -> tuple[Headers, bytes]:
    """Header fields and the rest. A line that is no field ends the headers and belongs to the rest."""
    if raw.startswith((b"\n", b"\r\n")):
        return (), raw.removeprefix(b"\r").removeprefix(b"\n")
    end = _HEADER_END.search(raw, 0, MAX_HEADER_BYTES)
    block = raw[: end.start()] if end else raw[:MAX_HEADER_BYTES]
    fields: list[tuple[str, bytes]] = []
    at = 0
    for line in _LINE.findall(block):
        match = _FIELD.fullmatch(line)
        if match and len(fields) < MAX_HEADERS:
            fields.append((match[1].decode("ascii").lower(), match[2].strip()))
        elif not _is_stray(line):
            return tuple(fields), raw[at:]
        at += len(line)
    return tuple(fields), raw[end.end() if end else len(block) :]


def _is_stray(line: bytes) -> bool:
    """A line among headers that some server added, not the start of a body."""
    return line.startswith((b"From ", b">From ")) or not line.strip()


def _pieces(body: bytes, boundary: bytes, budget: _Budget) -> list[bytes]:
    """What stands between the lines of a boundary (RFC 2046, 5.1.1); a missing last line is forgiven."""
    pieces: list[bytes] = []
    start = -1
    for begins, ends, is_last in _boundary_lines(body, boundary):
        if start >= 0:
            pieces.append(body[start : max(start, begins)])
            budget.parts -= 1
        start = -1 if is_last else ends
        if is_last or budget.parts <= 0:
            budget.is_whole = budget.is_whole and budget.parts > 0
            return pieces
    return [*pieces, body[start:]] if start >= 0 else pieces


def _boundary_lines(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each line of a boundary: where the line end before it begins, what comes after it, whether it is the last."""
    mark = b"--" + boundary
    at = body.find(mark)
    while at >= 0:
        end = _BOUNDARY_END.match(body, at + len(mark))
        if end and (at == 0 or body[at - 1] == 10):
            begins = at - 1 - (body[at - 2 : at - 1] == b"\r") if at else 0
            yield max(begins, 0), end.end(), bool(end[1])
        at = body.find(mark, at + len(mark))
