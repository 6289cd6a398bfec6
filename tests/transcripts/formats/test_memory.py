"""Exports of any size in constant memory: large files in pieces, many conversations one by one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from tempfile import TemporaryFile

import pytest

from tests.transcripts.formats.cast import VERA, options, said, story
from transcripts.formats import WRITERS, Document, ZipVolume
from transcripts.formats.sorting import SortedRows

pytestmark = pytest.mark.once

PIECE = bytes(range(256)) * 1024  # 256 KiB
LARGE = 64 * 1024 * 1024
OURS = sorted(set(WRITERS) - {"jsonl", "pdf"})


class Nowhere:
    size = 0

    def write(self, data: bytes, /) -> None:
        self.size += len(data)


def pieces(document: Document) -> Iterator[bytes]:
    return (PIECE for _ in range(document.size // len(PIECE)))


def peak(name: str, stories: int, size: int) -> tuple[int, int]:
    """The most memory in bytes, and what was written."""
    target = Nowhere()
    writer = WRITERS[name](ZipVolume(target), options())
    document = Document("big.bin", "video/mp4", size, "", key="big")
    file = said(1, VERA, "", kind="file", document=document) if size else said(1, VERA, "text " * 10_000)
    tracemalloc.start()
    for number in range(stories):
        writer.add(story((file,), ref=f"ref{number}"), pieces)
    written = writer.close()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written.warnings == []
    assert target.size > 0
    return most, written.counts["files"]


@pytest.mark.parametrize("name", OURS)
def test_a_large_file_is_never_in_memory(name: str) -> None:
    most, files = peak(name, 1, LARGE // 8)
    assert files == 1
    assert most < 4 * 1024 * 1024


def test_nor_is_a_much_larger_one() -> None:
    assert peak("csv", 1, LARGE)[0] < 4 * 1024 * 1024


@pytest.mark.parametrize("name", ["csv", "mattermost", "actiance", "mbox", "dat", "edrm"])
def test_many_conversations_are_not_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """5 MB of texts, most of it in one file."""
    monkeypatch.setattr("transcripts.formats.sorting.RUN_BYTES", 1_000_000)
    assert peak(name, 100, 0)[0] < 3 * 1024 * 1024


def test_sorting_keeps_little_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transcripts.formats.sorting.RUN_BYTES", 3000)
    monkeypatch.setattr("transcripts.formats.sorting.MOST_RUNS", 4)
    rows = SortedRows(TemporaryFile)
    numbers = [(number * 7919) % 1009 for number in range(3000)]
    for place, number in enumerate(numbers):
        rows.add((number, "x", place), f"{number}\n{place}")
    expected = sorted((number, place) for place, number in enumerate(numbers))
    assert list(rows.rows()) == [f"{number}\n{place}" for number, place in expected]


def test_rows_of_equal_keys_stay_in_their_order() -> None:
    rows = SortedRows(TemporaryFile)
    for place in range(100):
        rows.add((place % 2,), str(place))
    assert list(rows.rows()) == [str(place) for place in [*range(0, 100, 2), *range(1, 100, 2)]]
