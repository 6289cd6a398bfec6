"""Folders and ZIPs as places for an export, and the registry of formats."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import VERA, Store, options, said, story
from transcripts.formats import WRITERS, FolderVolume, Volume, ZipVolume, register
from transcripts.formats.base import BaseWriter
from transcripts.formats.csv_rows import CsvWriter

pytestmark = pytest.mark.once


def fill(volume: Volume) -> None:
    aside = volume.spool()
    aside.write(b"first ")
    volume.write("a.txt", [b"one", b"", b"two"])
    aside.write(b"second")
    volume.take("b/c.txt", aside)
    volume.close()


def test_a_folder_gets_files(tmp_path: Path) -> None:
    volume = FolderVolume(tmp_path / "new" / "folder")
    fill(volume)
    assert (tmp_path / "new/folder/a.txt").read_bytes() == b"onetwo"
    assert (tmp_path / "new/folder/b/c.txt").read_bytes() == b"first second"


def test_a_zip_gets_entries_in_order() -> None:
    target = io.BytesIO()
    fill(ZipVolume(target))
    with zipfile.ZipFile(target) as archive:
        assert [(name, archive.read(name)) for name in archive.namelist()] == [
            ("a.txt", b"onetwo"),
            ("b/c.txt", b"first second"),
        ]


def test_what_was_written_is_listed_with_its_hashes(tmp_path: Path) -> None:
    for volume in (FolderVolume(tmp_path), ZipVolume(io.BytesIO())):
        fill(volume)
        first = volume.files[0]
        assert (first.path, first.size) == ("a.txt", 6)
        assert first.sha256 == hashlib.sha256(b"onetwo").hexdigest()
        assert first.md5 == hashlib.md5(b"onetwo").hexdigest()


def test_spools_lie_where_they_are_told(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    volume = FolderVolume(tmp_path / "out", scratch=str(scratch))
    with pytest.raises(FileNotFoundError):
        volume.spool()
    scratch.mkdir()
    fill(volume)
    assert list(scratch.iterdir()) == []


def test_giving_up_closes_what_is_open(tmp_path: Path) -> None:
    volume = FolderVolume(tmp_path)
    spools = [volume.spool(), volume.spool()]
    volume.take("a", spools[0])
    volume.discard()
    assert [spool.closed for spool in spools] == [True, True]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


class Broken(Exception): ...


class Failing:
    """A target that breaks after so many bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, data: bytes, /) -> None:
        self.room -= len(data)
        if self.room < 0:
            raise Broken


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"jsonl", "pdf"}))
@pytest.mark.parametrize("room", [10, 100, 1000])
def test_a_target_that_breaks_ends_the_export_and_leaves_nothing_open(name: str, room: int) -> None:
    store = Store()
    volume = ZipVolume(Failing(room))
    writer = WRITERS[name](volume, options())

    def run() -> None:
        document = store.put("a.bin", bytes(range(256)) * 20)
        writer.add(story((said(1, VERA, "Hi", document=document),)), store.read)
        writer.close()

    with pytest.raises(Broken):
        run()
    volume.discard()


def test_a_name_has_one_writer() -> None:
    with pytest.raises(ValueError, match="csv"):
        register("csv", CsvWriter)
    assert WRITERS["csv"] is CsvWriter


def test_a_new_name_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WRITERS, "csv")
    register("csv", CsvWriter)
    assert WRITERS["csv"] is CsvWriter


def test_every_writer_counts_alike(tmp_path: Path) -> None:
    for name, maker in WRITERS.items():
        if name in ("jsonl", "pdf"):
            continue
        writer = maker(FolderVolume(tmp_path / name), options(bates_start=5))
        assert isinstance(writer, BaseWriter)
        written = writer.close()
        assert written.counts == {"conversations": 0, "events": 0, "files": 0}
        assert written.next_bates == 5
