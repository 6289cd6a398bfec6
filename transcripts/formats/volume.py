"""Where an export goes: a folder or a ZIP file, written in one pass, file after file."""

from __future__ import annotations

import hashlib
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Protocol

from transcripts.formats.names import numbered, safe_path
from transcripts.formats.options import WrittenFile
from transcripts.formats.zipping import ZipStream

CHUNK = 256 * 1024


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of an open file in pieces."""
    while chunk := file.read(CHUNK):
        yield chunk


class Volume(ABC):
    """Files under safe, unlike names. `files` lists what was written, in order."""

    def __init__(self, scratch: str | None = None) -> None:
        self.scratch = scratch
        self.files: list[WrittenFile] = []
        self._taken: set[int] = set()
        self._promised: set[str] = set()
        self._spools: list[IO[bytes]] = []

    def place(self, path: str) -> str:
        """A safe path that nothing else here has: no "..", no device names, no two that differ in case alone."""
        wanted = safe_path(path)
        place, count = wanted, 1
        while (mark := _mark(place)) in self._taken:
            count += 1
            place = numbered(wanted, count)
        self._taken.add(mark)
        self._promised.add(place)
        return place

    def write(self, path: str, chunks: Iterable[bytes]) -> WrittenFile:
        """Write a whole file under `place(path)`, or under a path that `place` gave before."""
        place = path if path in self._promised else self.place(path)
        self._promised.discard(place)
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        with self._open(place) as sink:
            for chunk in chunks:
                sha256.update(chunk)
                md5.update(chunk)
                size += len(chunk)
                sink.write(chunk)
        written = WrittenFile(place, size, sha256.hexdigest(), md5.hexdigest())
        self.files.append(written)
        return written

    def spool(self) -> IO[bytes]:
        """A file aside, for what grows while other files are written; `take` brings it in."""
        spool = tempfile.TemporaryFile(dir=self.scratch)  # noqa: SIM115 - closed by take or discard
        self._spools.append(spool)
        return spool

    def take(self, path: str, spool: IO[bytes]) -> WrittenFile:
        """Write what was spooled, and close the spool."""
        with spool:
            spool.seek(0)
            written = self.write(path, chunks_of(spool))
        if spool in self._spools:
            self._spools.remove(spool)
        return written

    def discard(self) -> None:
        """Give up after a failure: close what is open, leave what was written."""
        for spool in self._spools:
            spool.close()

    @abstractmethod
    def _open(self, place: str) -> AbstractContextManager[Sink]: ...

    @abstractmethod
    def close(self) -> None: ...


def _mark(path: str) -> int:
    return int.from_bytes(blake2b(path.casefold().encode(), digest_size=8).digest())


class FolderVolume(Volume):
    """Files in a folder that is made if need be. Writing over a file that is there already is refused."""

    def __init__(self, folder: Path, scratch: str | None = None) -> None:
        super().__init__(scratch)
        self.folder = folder
        self._made: set[str] = set()  # asking the disk about each file's folder takes longer than most files do
        folder.mkdir(parents=True, exist_ok=True)

    def _open(self, place: str) -> AbstractContextManager[Sink]:
        parent = place.rpartition("/")[0]
        if parent not in self._made:
            (self.folder / parent).mkdir(parents=True, exist_ok=True)
            self._made.add(parent)
        return open(f"{self.folder}/{place}", "xb")  # noqa: PTH123 - a Path for each of very many

    def close(self) -> None:
        """Nothing is left open."""


class ZipVolume(Volume):
    """Files in a ZIP that is only ever appended to, so that the target may be a pipe or an upload."""

    def __init__(self, target: Sink, scratch: str | None = None) -> None:
        super().__init__(scratch)
        self._zip = ZipStream(target, scratch)

    def _open(self, place: str) -> AbstractContextManager[Sink]:
        return self._zip.entry(place)

    def discard(self) -> None:
        super().discard()
        self._zip.discard()

    def close(self) -> None:
        """Write the directory of the ZIP; the target stays open, it is the caller's."""
        self._zip.close()
