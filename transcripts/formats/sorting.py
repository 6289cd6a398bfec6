"""Rows in order that need not fit in memory: sorted runs in files aside, merged when read."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO

Key = tuple[int | str, ...]
Line = tuple[Key, str]
RUN_BYTES = 8 * 1024 * 1024
MOST_RUNS = 32


class SortedRows:
    """`add` rows in any order, read them once in the order of their keys; equal keys keep the order of adding.

    `aside` opens a file for a run (a volume's `spool`).
    """

    def __init__(self, aside: Callable[[], IO[bytes]]) -> None:
        self._aside = aside
        self._lines: list[Line] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def add(self, key: Key, row: str) -> None:
        """Keys must be comparable with each other."""
        self._lines.append((key, row))
        self._size += len(row) + 100
        if self._size > RUN_BYTES:
            self._spill()

    def _spill(self) -> None:
        self._lines.sort(key=lambda line: line[0])
        self._runs.append(self._run(self._lines))
        self._lines, self._size = [], 0
        if len(self._runs) >= MOST_RUNS:
            merged = self._run(self._merged())
            self.discard()
            self._runs = [merged]

    def _run(self, lines: Iterable[Line]) -> IO[bytes]:
        run = self._aside()
        for key, row in lines:
            run.write(json.dumps([key, row]).encode() + b"\n")
        return run

    def _merged(self) -> Iterator[Line]:
        return heapq.merge(*(_read(run) for run in self._runs), self._lines, key=lambda line: line[0])

    def rows(self) -> Iterator[str]:
        """All rows; the files aside are gone afterwards."""
        self._lines.sort(key=lambda line: line[0])
        for _, row in self._merged():
            yield row
        self.discard()

    def discard(self) -> None:
        """Close the files aside."""
        for run in self._runs:
            run.close()
        self._runs = []


def _read(run: IO[bytes]) -> Iterator[Line]:
    run.seek(0)
    for line in run:
        key, row = json.loads(line)
        yield tuple(key), row
