"""A ZIP file written straight ahead: no seeking, no list of entries in memory (APPNOTE.TXT 6.3.9, with ZIP64)."""

from __future__ import annotations

import struct
import tempfile
import zlib
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self

FLAGS = 0x0808  # sizes follow the data (bit 3), names are UTF-8 (bit 11)
DEFLATED = 8
LEVEL = 3  # of records: twice as quick as the usual 6, and 7 % larger
VERSION = 45  # 4.5: ZIP64
DATE = (1 << 5) | 1  # 1 January 1980: the same bytes for the same export
FULL, FULL_COUNT = 0xFFFFFFFF, 0xFFFF
CHUNK = 256 * 1024


class Target(Protocol):
    def write(self, data: bytes, /) -> object: ...


class ZipStream:
    """Entries one after another; `close` writes the directory, which waits in a file aside until then."""

    def __init__(self, target: Target, scratch: str | None = None) -> None:
        self._target = target
        self._directory = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by close or discard
        self._open = False
        self.offset = 0
        self.count = 0

    def write(self, data: bytes) -> None:
        """Bytes straight to the target."""
        self._target.write(data)
        self.offset += len(data)

    def entry(self, name: str) -> ZipEntry:
        """Begin a file; leave its `with` before the next one is begun (RuntimeError)."""
        if self._open:
            message = "the file before is still open"
            raise RuntimeError(message)
        self._open = True
        return ZipEntry(self, name.encode())

    def finish(self, record: bytes) -> None:
        """An entry is whole: its line of the directory."""
        self._directory.write(record)
        self.count += 1
        self._open = False

    def close(self) -> None:
        """The directory and its ends, always with the ZIP64 ones, which readers older than 2001 alone don't know."""
        start, size = self.offset, self._directory.tell()
        self._directory.seek(0)
        while chunk := self._directory.read(CHUNK):
            self.write(chunk)
        self._directory.close()
        self.write(_ends(self.count, size, start, self.offset))

    def discard(self) -> None:
        """Give up: nothing more is written."""
        self._directory.close()


def _ends(count: int, size: int, start: int, here: int) -> bytes:
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, VERSION, VERSION, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, here, 1)
    few, small, low = min(count, FULL_COUNT), min(size, FULL), min(start, FULL)
    return wide + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, few, few, small, low, 0)


class ZipEntry(AbstractContextManager["ZipEntry"]):
    """One file of a ZIP, deflated as it comes. A `with` left by an exception leaves the ZIP unusable."""

    def __init__(self, stream: ZipStream, name: bytes) -> None:
        self._stream, self._name, self._start = stream, name, stream.offset
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        self._crc, self._size, self._packed = 0, 0, 0
        # Sizes of zero here and a ZIP64 field: the data descriptor then has eight bytes for each (4.3.9.2).
        extra = struct.pack("<2H2Q", 1, 16, 0, 0)
        fixed = struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", VERSION, FLAGS, DEFLATED, 0, DATE, 0, FULL, FULL, len(name), len(extra)
        )
        stream.write(fixed + name + extra)

    def write(self, data: bytes, /) -> None:
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._put(self._deflate.compress(data))

    def _put(self, packed: bytes) -> None:
        self._packed += len(packed)
        self._stream.write(packed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            return
        self._put(self._deflate.flush())
        self._stream.write(struct.pack("<4sL2Q", b"PK\x07\x08", self._crc, self._packed, self._size))
        self._stream.finish(self._record())

    def _record(self) -> bytes:
        extra = struct.pack("<2H3Q", 1, 24, self._size, self._packed, self._start)
        fixed = struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", (3 << 8) | VERSION, VERSION, FLAGS, DEFLATED, 0, DATE, self._crc, FULL, FULL),
            *(len(self._name), len(extra), 0, 0, 0, 0o100644 << 16, FULL),
        )
        return fixed + self._name + extra
