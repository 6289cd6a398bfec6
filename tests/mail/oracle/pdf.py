"""A PDF's strings, streams, and the text on its pages, by the fonts' own tables where there are some."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

LITERAL = re.compile(rb"\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]+)>", re.DOTALL)
SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
Table = dict[int, str]


def inside_pdf(data: bytes) -> Iterator[tuple[str, bytes]]:
    if b"%PDF" not in data[:1024]:
        return
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            yield from _objects(document)
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return


def _objects(document: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    streams = [*_streams(document)]
    tables = [table for each in streams if b"beginbf" in each and (table := _table(each))]
    for data in streams:
        yield "stream", data
        if b"Tj" in data or b"TJ" in data:
            shown = [found[0] or _hexadecimal(found[1]) for found in LITERAL.findall(data)]
            yield "page", b"".join(map(_unescaped, shown))
            yield from (("page", "".join(_shown(each, table) for each in shown).encode()) for table in tables)
    yield "strings", "\n".join(_strings(document)).encode("utf-8", "replace")


def _streams(document: pikepdf.Pdf) -> Iterator[bytes]:
    for each in document.objects:
        if isinstance(each, pikepdf.Stream):
            try:
                yield each.read_bytes()
            except (pikepdf.PdfError, RuntimeError):
                yield each.read_raw_bytes()


def _strings(document: pikepdf.Pdf) -> Iterator[str]:
    for each in [*document.objects, document.trailer]:
        yield from _strings_of(each, 0)


def _strings_of(each: object, depth: int) -> Iterator[str]:
    if isinstance(each, pikepdf.String | pikepdf.Name):
        yield str(each)
    elif depth < 6 and isinstance(each, pikepdf.Array):
        for inner in each.as_list():
            yield from _strings_of(inner, depth + 1)
    elif depth < 6 and isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        for inner in each.values():
            yield from _strings_of(inner, depth + 1)


def _unescaped(text: bytes) -> bytes:
    return ESCAPED.sub(lambda found: bytes([int(found[1], 8) % 256]) if found[1].isdigit() else found[1], text)


def _hexadecimal(text: bytes) -> bytes:
    bare = re.sub(rb"\s", b"", text)
    return bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode())


def _table(stream: bytes) -> Table:
    """A ToUnicode map: code to text. ISO 32000-1, 9.10.3."""
    table: Table = {}
    for kind, body in SECTION.findall(stream):
        table |= dict(_pairs(body) if kind == b"char" else _ranges(body))
    return table


def _pairs(body: bytes) -> Iterator[tuple[int, str]]:
    for code, text in PAIR.findall(body):
        yield int(code, 16), bytes.fromhex(text.decode().zfill(4)).decode("utf-16-be", "replace")


def _ranges(body: bytes) -> Iterator[tuple[int, str]]:
    for first, last, text in RANGE.findall(body):
        begin, start = int(first, 16), int(text, 16)
        for code in range(begin, min(int(last, 16), begin + 999) + 1):
            yield code, chr((start + code - begin) % 0x110000)


def _shown(text: bytes, table: Table) -> str:
    wide = [int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2)]
    return "".join(table.get(code, "") for code in wide) or "".join(table.get(code, "") for code in text)
