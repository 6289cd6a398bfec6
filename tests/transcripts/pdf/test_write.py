"""The format "pdf" of an export: a document per conversation, files beside it, numbers on every page."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pypdf import PageObject

from tests.transcripts.pdf.stories import ALICE, BEGUN, document, read, story
from transcripts.formats import WRITERS, Document, FolderVolume, Options, ZipVolume
from transcripts.formats.story import FILE_DELETED, Event, Story

BYTES = b"an offer"
SUM = hashlib.sha256(BYTES).hexdigest()
NUMBERED = Options(exported_at=BEGUN, bates_prefix="ACME-", bates_start=41, bates_width=5)


def with_files(ref: str, *updates: str) -> Story:
    offer = document(size=len(BYTES), sha256=SUM)
    events = tuple(
        Event(number, "file", BEGUN, ALICE, "", document=offer, update=update)
        for number, update in enumerate(updates, start=1)
    )
    return story(events=events, ref=ref)


def bytes_of(_document: Document) -> Iterator[bytes]:
    yield BYTES[:3]
    yield BYTES[3:]


def test_documents_and_files_with_pages_numbered_across_conversations(tmp_path: Path) -> None:
    writer = WRITERS["pdf"](FolderVolume(tmp_path), NUMBERED)
    writer.add(story(*["A line."] * 80, ref="first"), bytes_of)
    writer.add(with_files("second", "", ""), bytes_of)
    written = writer.close()
    pages = [page.extract_text() for ref in ("first", "second") for page in _pages(tmp_path, ref)]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=41):
        assert f"ACME-{number:05}" in page
    assert written.next_bates == 41 + len(pages)
    assert written.counts == {"conversations": 2, "events": 82, "files": 2, "pages": len(pages)}
    assert [path.read_bytes() for path in sorted((tmp_path / "files/second").iterdir())] == [BYTES, BYTES]
    for file in written.files:
        assert hashlib.sha256((tmp_path / file.path).read_bytes()).hexdigest() == file.sha256


def _pages(folder: Path, ref: str) -> list[PageObject]:
    return list(read((folder / f"documents/{ref}.pdf").read_bytes()).pages)


def test_a_missing_a_changed_and_a_deleted_file_never_stop_it() -> None:
    target = io.BytesIO()
    writer = WRITERS["pdf"](ZipVolume(target), NUMBERED)
    writer.add(with_files("missing", ""), lambda _document: None)
    writer.add(with_files("changed", ""), lambda _document: iter([b"something else"]))
    writer.add(with_files("gone", FILE_DELETED), bytes_of)
    written = writer.close()
    assert [(each.ref, each.code) for each in written.warnings] == [("missing", "missing"), ("changed", "changed")]
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as found:
        assert found.testzip() is None
        assert {name for name in found.namelist() if name.endswith(".pdf")} == {
            "documents/missing.pdf",
            "documents/changed.pdf",
            "documents/gone.pdf",
        }


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    """What the engine remembers of documents is let go: sixty of them leave no trace to speak of."""
    writer = WRITERS["pdf"](FolderVolume(tmp_path), NUMBERED)
    for number in range(20):
        writer.add(story(f"Warm {number}", *["A line of some words."] * 20, ref=f"w{number}"), bytes_of)
    before = _resident()
    for number in range(60):
        writer.add(story(f"Next {number}", *["A line of some words."] * 20, ref=f"n{number}"), bytes_of)
    writer.close()
    assert _resident() - before < 25 * 2**20


def _resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096
