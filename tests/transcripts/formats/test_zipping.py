"""ZIP files written straight ahead, read by Python's zipfile and by unzip."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from transcripts.formats import ZipVolume, zipping
from transcripts.formats.zipping import ZipStream

pytestmark = pytest.mark.once


class Pipe(io.RawIOBase):
    """It can't seek, as an upload can't."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        assert isinstance(data, bytes)
        self.sent += data
        return len(data)

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def test_entries_come_back(tmp_path: Path) -> None:
    contents = {"a/b.txt": b"hello", "empty": b"", "ä/日本.bin": os.urandom(100_000), "big": b"x" * 3_000_000}
    pipe = Pipe()
    volume = ZipVolume(pipe)
    for name, content in contents.items():
        volume.write(name, [content[start : start + 65_537] for start in range(0, len(content), 65_537)])
    volume.close()
    with zipfile.ZipFile(io.BytesIO(bytes(pipe.sent))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents
        assert all(info.external_attr >> 16 == 0o100644 for info in archive.infolist())
    (tmp_path / "x.zip").write_bytes(pipe.sent)
    told = subprocess.run(["unzip", "-t", tmp_path / "x.zip"], capture_output=True, check=True)
    assert b"No errors detected" in told.stdout


def test_more_than_65535_entries() -> None:
    pipe = Pipe()
    stream = ZipStream(pipe)
    for number in range(66_000):
        with stream.entry(f"{number}") as entry:
            entry.write(b"")
    stream.close()
    with zipfile.ZipFile(io.BytesIO(bytes(pipe.sent))) as archive:
        assert len(archive.namelist()) == 66_000
        assert archive.read("65999") == b""


def test_sizes_and_places_beyond_4_gib_are_written_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every size stands in the ZIP64 fields; the ends point to them when the small ones are full."""
    pipe = Pipe()
    stream = ZipStream(pipe)
    with stream.entry("a") as entry:
        entry.write(b"x" * 1000)
    monkeypatch.setattr(zipping, "FULL", 10)
    stream.close()
    raw = bytes(pipe.sent).replace(b"\n\0\0\0", b"\xff\xff\xff\xff")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.read("a") == b"x" * 1000


def test_two_files_at_a_time_are_refused() -> None:
    stream = ZipStream(Pipe())
    with stream.entry("a"), pytest.raises(RuntimeError):
        stream.entry("b")
    stream.discard()


def test_a_volume_that_is_given_up_leaves_nothing_open() -> None:
    volume = ZipVolume(Pipe())
    spool = volume.spool()
    volume.discard()
    assert spool.closed
