"""Where a bundle is: a folder, or a ZIP file (as it was downloaded, or packed again with its folder)."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from transcripts.proof.bundle import MANIFEST
from transcripts.verify.report import Broken, Fault, Unreadable

BLOCK = 1 << 16  # what is taken apart stays in the processor's cache: larger pieces took a sixth longer to verify
UNREADABLE = (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Source(ABC):
    """Files by their path, with / between the parts."""

    @abstractmethod
    def names(self) -> set[str]: ...

    def doubled(self) -> list[str]:
        """Names that more than one file has: programs do not agree on which of them to take."""
        return []

    @abstractmethod
    def open(self, name: str) -> IO[bytes]: ...

    def blocks(self, name: str) -> Iterator[bytes]:
        """The file in pieces. Raises Broken if it is not there or can't be read."""
        try:
            with self.open(name) as file:
                while block := file.read(BLOCK):
                    yield block
        except (KeyError, *UNREADABLE):
            raise Broken(Fault("the file is missing or can't be read", name)) from None

    def read(self, name: str, most: int = 1 << 28) -> bytes:
        """A small file. Raises Broken if it is not there, or larger than `most` bytes."""
        whole = b""
        for block in self.blocks(name):
            whole += block
            if len(whole) > most:
                raise Broken(Fault("the file is too large", name))
        return whole


def whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces that end where a line ends; the last one may not."""
    rest = b""
    for block in blocks:
        head, end, tail = block.rpartition(b"\n")
        if end:
            yield rest + head + end
            rest = tail
        else:
            rest += block
    if rest:
        yield rest


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, each with its line feed; the last may have none."""
    for chunk in whole_lines(blocks):
        yield from chunk.splitlines(keepends=True)


class Folder(Source):
    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> set[str]:
        return {each.relative_to(self.path).as_posix() for each in self.path.rglob("*") if not each.is_dir()}

    def open(self, name: str) -> IO[bytes]:
        path = self.path / name
        if not path.is_file() or not path.resolve().is_relative_to(self.path.resolve()):
            raise KeyError(name)
        return path.open("rb")


class Zip(Source):
    def __init__(self, path: Path) -> None:
        try:
            self.file = ZipFile(path)
        except UNREADABLE as error:
            raise Unreadable(f"{path.name} is no ZIP file that can be read") from error
        inside = [name for name in self.file.namelist() if name.endswith("/" + MANIFEST)]
        self.top = inside[0].removesuffix(MANIFEST) if len(inside) == 1 and MANIFEST not in self.file.namelist() else ""

    def names(self) -> set[str]:
        return set(self._listed())

    def doubled(self) -> list[str]:
        return sorted(name for name, count in Counter(self._listed()).items() if count > 1)

    def _listed(self) -> list[str]:
        return [name.removeprefix(self.top) for name in self.file.namelist() if not name.endswith("/")]

    def open(self, name: str) -> IO[bytes]:
        return self.file.open(self.top + name)


def bundles(path: Path) -> list[tuple[str, Source]]:
    """The bundle at `path`, or all that lie in that folder: the volumes of an export. Raises Unreadable for none."""
    if not path.exists():
        raise Unreadable(f"{path} is not there")
    if path.is_file():
        return [(path.name, Zip(path))]
    if (path / MANIFEST).is_file():
        return [(path.name, Folder(path))]
    folders: list[tuple[str, Source]] = [(each.parent.name, Folder(each.parent)) for each in path.glob("*/" + MANIFEST)]
    zips: list[tuple[str, Source]] = [(each.name, Zip(each)) for each in path.glob("*.zip")]
    if not folders and not zips:
        raise Unreadable(f"{path} holds no {MANIFEST} and no ZIP file")
    return sorted([*folders, *zips], key=lambda each: each[0])
