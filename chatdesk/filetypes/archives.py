"""Zip archives, and the office documents that are zip archives: read whole within limits before anybody keeps one.

Limits after the OWASP File Upload Cheat Sheet. The sizes an archive declares are lies until proved, so every entry is
unpacked (and thrown away) under one budget.
"""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from chatdesk.filetypes.refusals import locked, too_much_inside, unreadable

MAX_ENTRIES = 1000
MAX_UNPACKED = 100_000_000  # bytes, of all entries and of the archives in them together
MAX_RATIO = 100
RATIO_FROM = 1_000_000  # bytes unpacked; short files of one letter are no bomb
MAX_DEPTH = 2
MAX_DIRECTORY = 1_000_000  # bytes of the central directory

_END = struct.Struct("<4s4H2LH")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_CHUNK = 64 * 1024
_TELLING = 64  # bytes that tell what an entry is
_INNER_IN_MEMORY = 1_000_000
_PROGRAMS = (  # Windows, Linux, scripts, Java, macOS, Android, Windows shortcuts
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"dex\n",
    b"L\0\0\0\x01\x14\x02",
)
_LAUNCHED = frozenset(
    "exe com scr pif msi bat cmd ps1 vbs vbe js jse wsf wsh hta lnk url scf reg jar apk app dmg iso img cpl dll "  # noqa: SIM905
    "html htm xhtml mht mhtml svg chm docm xlsm pptm".split()
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, RuntimeError)  # what zipfile raises


@dataclass
class Budget:
    """What may still be unpacked of one upload, in bytes."""

    left: int = MAX_UNPACKED

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise too_much_inside()


@dataclass(frozen=True)
class Archive:
    """What was found: entry names in order, and the first bytes of those that tell what it is."""

    names: tuple[str, ...]
    type_part: str  # [Content_Types].xml of Office Open XML, or mimetype of OpenDocument
    programs: bool  # a program, script or page is among the entries


TYPE_PARTS = ("[Content_Types].xml", "mimetype")
Judge = Callable[[Archive], str]


def inspect(stream: IO[bytes], judge: Judge) -> str:
    """Unpack everything within the limits, and let `judge` name the kind of the archive and of every one inside it.

    Raises Refused (file.unreadable: broken, locked, a bomb), and what `judge` raises.
    """
    with _broken_is_refused():
        return _inspected(stream, judge, Budget(), depth=1)


@contextmanager
def _broken_is_refused() -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        struct.error,
        NotImplementedError,
        RuntimeError,
    ) as broken:
        raise unreadable() from broken


def _inspected(stream: IO[bytes], judge: Judge, budget: Budget, depth: int) -> str:
    size = stream.seek(0, io.SEEK_END)
    _check_end(stream, size)
    before = budget.left
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        _check_layout(entries, archive.start_dir)
        starts = {entry.filename: _unpacked(archive, entry, judge, budget, depth) for entry in entries}
    if before - budget.left > max(RATIO_FROM, size * MAX_RATIO):
        raise too_much_inside()
    return judge(_found(starts))


def _found(starts: dict[str, bytes]) -> Archive:
    typed = next((starts[part] for part in TYPE_PARTS if part in starts), b"")
    programs = any(_is_program(name, start) for name, start in starts.items())
    return Archive(tuple(starts), typed.decode("utf-8", "replace"), programs)


def _check_end(stream: IO[bytes], size: int) -> None:
    """The end record closes the file, so nothing hangs behind it, and the directory is short enough to be read."""
    stream.seek(max(0, size - _END.size))
    signature, disk, start_disk, here, entries, length, offset, comment = _END.unpack(stream.read(_END.size))
    if signature != b"PK\x05\x06" or comment or disk or start_disk or here != entries:
        raise unreadable()
    if entries > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise too_much_inside()
    if offset + length + _END.size != size:
        raise unreadable()


def _check_layout(entries: list[zipfile.ZipInfo], directory_at: int) -> None:
    """Entries lie one behind the other from the first byte on: nothing before, nothing shared."""
    if len(entries) > MAX_ENTRIES:
        raise too_much_inside()
    if not entries or len({entry.filename for entry in entries}) < len(entries):
        raise unreadable()
    free_from = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < free_from or (free_from == 0 and entry.header_offset != 0):
            raise unreadable()
        free_from = entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size
    if free_from > directory_at:
        raise unreadable()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise locked()
    parts = entry.filename.replace("\\", "/").split("/")
    if entry.compress_type not in _METHODS or ".." in parts or not parts[0] or ":" in parts[0]:
        raise unreadable()
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise unreadable()


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, judge: Judge, budget: Budget, depth: int) -> bytes:
    """An entry's first bytes, after all of it was unpacked and its checksum compared."""
    _check_entry(entry)
    with archive.open(entry) as source:
        start = source.read(_CHUNK)
        budget.spend(len(start))
        if start.startswith(b"PK\x03\x04"):
            _judge_inner(start, source, judge, budget, depth)
        while chunk := source.read(_CHUNK):
            budget.spend(len(chunk))
    return start if entry.filename in TYPE_PARTS else start[:_TELLING]


def _judge_inner(start: bytes, source: IO[bytes], judge: Judge, budget: Budget, depth: int) -> None:
    if depth == MAX_DEPTH:
        raise too_much_inside()
    with tempfile.SpooledTemporaryFile(max_size=_INNER_IN_MEMORY) as inner:
        inner.write(start)
        while chunk := source.read(_CHUNK):
            budget.spend(len(chunk))
            inner.write(chunk)
        _inspected(inner, judge, budget, depth + 1)


def _is_program(name: str, start: bytes) -> bool:
    return start.startswith(_PROGRAMS) or name.lower().rstrip(". ").rpartition(".")[2] in _LAUNCHED
