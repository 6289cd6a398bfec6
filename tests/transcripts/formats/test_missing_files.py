"""A file that is missing, changed or broken costs a warning, never the export (A1.5, MM-69249)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import VERA, Store, options, said, story, write
from tests.transcripts.formats.readers import READERS
from transcripts.formats import WRITERS, Document, FolderVolume, Story, Written
from transcripts.formats.fetching import Fault, fetch

pytestmark = pytest.mark.once


def three(store: Store) -> Story:
    files = [store.put(f"file{number}.bin", b"content %d " % number * 50) for number in (1, 2, 3)]
    return story(tuple(said(n, VERA, f"text {n}", kind="file", document=file) for n, file in enumerate(files, 1)))


def carried(name: str, folder: Path, written: Written) -> int:
    """How many of the three contents are really in the export."""
    everything = b"".join((folder / file.path).read_bytes() for file in written.files)
    if name in ("eml", "mbox", "globalrelay"):
        return everything.count(b"filename*=utf-8''file")
    return sum(everything.count(b"content %d " % number * 50) for number in (1, 2, 3))


@pytest.mark.parametrize("name", READERS)
def test_one_of_three_is_gone(name: str, tmp_path: Path) -> None:
    store = Store()
    told = three(store)
    del store.files["k1"]
    written = write(name, [told], store, tmp_path)
    assert [(each.number, each.code, each.name) for each in written.warnings] == [(2, "missing", "file2.bin")]
    assert written.counts["files"] == carried(name, tmp_path, written) == 2
    assert "event 2, file file2.bin: the file was not found" in (tmp_path / "warning.txt").read_text()
    assert len(list(READERS[name](tmp_path))) == 3


@pytest.mark.parametrize("name", READERS)
def test_one_of_three_is_another(name: str, tmp_path: Path) -> None:
    store = Store()
    told = three(store)
    document = told.events[1].document
    assert document
    store.files["k1"] = store.files["k1"].replace(b"content 2", b"content X")
    written = write(name, [told], store, tmp_path)
    (warned,) = written.warnings
    assert (warned.code, warned.expected) == ("changed", document.sha256)
    assert warned.found == store.put("again", store.files["k1"]).sha256
    assert written.counts["files"] == carried(name, tmp_path, written) == 2
    assert warned.found in (tmp_path / "warning.txt").read_text()


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("error", [OSError("disk"), ValueError("cipher"), FileNotFoundError("gone")])
def test_one_of_three_breaks_in_the_middle(name: str, error: Exception, tmp_path: Path) -> None:
    store = Store()
    told = three(store)

    def read(document: Document) -> Iterator[bytes]:
        yield b"content"
        if document.name == "file2.bin":
            raise error
        yield store.files[document.key][7:]

    writer = WRITERS[name](FolderVolume(tmp_path), options())
    writer.add(told, read)
    written = writer.close()
    assert [each.code for each in written.warnings] == ["missing" if "gone" in str(error) else "unreadable"]
    assert written.counts["files"] == carried(name, tmp_path, written) == 2


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_known_to_be_gone_is_said_to_be(name: str, tmp_path: Path) -> None:
    document = Document("old.pdf", "application/pdf", 10, "ab" * 32, missing="destroyed on 1 May 2026")
    written = write(name, [story((said(1, VERA, "", kind="file", document=document),))], Store(), tmp_path)
    assert [(each.code, each.detail) for each in written.warnings] == [("absent", "destroyed on 1 May 2026")]
    assert "destroyed on 1 May 2026" in (tmp_path / "warning.txt").read_text()


@pytest.mark.parametrize("name", READERS)
def test_an_export_without_faults_has_no_warnings_file(name: str, tmp_path: Path) -> None:
    store = Store()
    write(name, [three(store)], store, tmp_path)
    assert not (tmp_path / "warning.txt").exists()


def test_without_a_hash_the_size_is_compared() -> None:
    document = Document("a", "text/plain", 3, "")
    assert fetch(document, lambda _: iter([b"four"])) == Fault("changed", "the size differs", "3", "4")


def test_a_full_scratch_disk_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every further file would fail as well: the export has to stop and say so."""

    class Full:
        def __init__(self, *_: object, **__: object) -> None: ...

        def write(self, _: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None: ...

    monkeypatch.setattr("transcripts.formats.fetching.tempfile.SpooledTemporaryFile", Full)
    store = Store()
    with pytest.raises(OSError, match="No space"):
        fetch(store.put("a", b"content"), store.read)
