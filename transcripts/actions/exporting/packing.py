"""A volume's folder as one ZIP in the storage: the hash is taken on the way, nothing is held in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

from transcripts.formats.volume import chunks_of
from transcripts.formats.zipping import ZipStream


@dataclass(frozen=True)
class Packed:
    """Where it lies in the storage, its size in bytes and its SHA-256 in hex."""

    place: str
    size: int
    sha256: str


class _Hashed:
    """Writes on, and keeps size and hash of what went through."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self.file.write(data)
        self.size += len(data)
        self.digest.update(data)


def pack(folder: Path, place: str) -> Packed:
    """Pack and store; what a worker that died left at this place is replaced. Raises the storage's own error."""
    archive = folder.with_suffix(".zip")
    size, sha256 = zip_folder(folder, archive)
    with archive.open("rb") as file:
        kept = _store(place, file)
    archive.unlink()
    return Packed(kept, size, sha256)


def zip_folder(folder: Path, archive: Path) -> tuple[int, str]:
    """All files of the folder in one ZIP; its size in bytes and its SHA-256 in hex."""
    with archive.open("wb") as file:
        hashed = _Hashed(file)
        _zip(folder, hashed)
    return hashed.size, hashed.digest.hexdigest()


def _zip(folder: Path, target: _Hashed) -> None:
    stream = ZipStream(target, str(folder.parent))
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        with stream.entry(path.relative_to(folder).as_posix()) as entry, path.open("rb") as file:
            for chunk in chunks_of(file):
                entry.write(chunk)
    stream.close()


def _store(place: str, file: BinaryIO) -> str:
    if default_storage.exists(place):
        default_storage.delete(place)
    return default_storage.save(place, File(file))
