"""Zip archives, read and written within limits: sizes they declare are lies until proved."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from tickets.masking.results import Unclean, Why

MAX_MEMBERS = 1000
MAX_UNPACKED = 100_000_000  # bytes, of all members and of what is packed in them
MAX_RATIO = 100
RATIO_FROM = 1_000_000
_CHUNK = 64 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OSError,
)
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass
class Budget:
    """What may still be unpacked of one file, in bytes, and how deep it is packed."""

    left: int = MAX_UNPACKED
    depth: int = 0

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise too_much()


@dataclass
class Packed:
    """The members of an archive in their order: name and content."""

    members: dict[str, bytes] = field(default_factory=dict)

    def written(self) -> bytes:
        """The archive anew: no dates, comments, owners; `mimetype` first and plain (OpenDocument 1.3, part 2, 3.3)."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in self.members.items():
                entry = zipfile.ZipInfo(name, _NO_TIME)
                entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return out.getvalue()


def too_much() -> Unclean:
    return Unclean(Why.UNCLEAN_FILE, "there is more packed into it than can be checked")


def unpacked(data: bytes, budget: Budget) -> Packed:
    """Every member, folders left out. Raises Unclean: LOCKED, or UNCLEAN_FILE (broken, or a bomb)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_MEMBERS:
                raise too_much()
            here = Budget(min(budget.left, max(RATIO_FROM, len(data) * MAX_RATIO)))
            before = here.left
            found = {entry.filename: _read(archive, entry, here) for entry in entries}
            budget.spend(before - here.left)
    except _BROKEN:
        raise Unclean(Why.UNCLEAN_FILE, "a damaged archive") from None
    if len(found) < len(entries):
        raise Unclean(Why.UNCLEAN_FILE, "an archive with two parts of one name")
    return Packed(found)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    if entry.flag_bits & 0x1:
        raise Unclean(Why.LOCKED, "a password is needed to read it")
    if entry.compress_type not in _METHODS:
        raise Unclean(Why.UNCLEAN_FILE, "packed in a way that can't be checked")
    pieces = []
    with archive.open(entry) as source:
        while chunk := source.read(_CHUNK):
            budget.spend(len(chunk))
            pieces.append(chunk)
    return b"".join(pieces)
