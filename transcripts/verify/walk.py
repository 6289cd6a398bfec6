"""Going through records in their order: numbers, chain, commitments, and what the log says about the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from transcripts.proof.chain import START
from transcripts.verify.lines import Line, read_line
from transcripts.verify.report import Broken, Fault, Report
from transcripts.verify.segment import Row, hashes_after
from transcripts.verify.shape import LINES
from transcripts.verify.sources import whole_lines


@dataclass(frozen=True)
class Expected:
    """What a proof says of a conversation: number and hash (hex) of its last record here, and of the closed part."""

    conversation: str
    count: int
    head: str
    sealed_count: int = 0
    sealed_head: str = ""


class Walk:
    """Give it all files with `through`, then call `finish`. Raises Broken at the first bad record."""

    def __init__(self, proofs: Iterator[Expected], report: Report, bad_files: Mapping[str, str]) -> None:
        self.proofs = proofs
        self.report = report
        self.bad_files = bad_files  # by their hash
        self.expected = Expected("", 0, "")
        self.ref = b""
        self.number = 0
        self.stops: tuple[int, ...] = ()
        self.last = START

    def through(self, blocks: Iterable[bytes], path: str) -> None:
        """The next of the file: usual lines many at a time, others one by one."""
        for chunk in whole_lines(blocks):
            rows = LINES.findall(chunk)
            start = 0
            for place in (place for place, row in enumerate(rows) if row[-1]):
                self._usual(rows, start, place, chunk, path)
                self._other(rows[place][-1], path)
                start = place + 1
            self._usual(rows, start, len(rows), chunk, path)
            if not chunk.endswith(b"\n"):
                self._other(chunk.rpartition(b"\n")[2], path)

    def _usual(self, rows: Sequence[Row], start: int, end: int, chunk: bytes, path: str) -> None:
        """As many as belong to one conversation, up to where its hash is known; what is in doubt goes one by one."""
        while start < end:
            if self.number == self.expected.count:
                self._next(path)
            until = min(end, start + self._until() - self.number)
            found = hashes_after(self.last, rows[start:until], self.ref, self.number + 1)
            if found is None:
                for line in chunk.split(b"\n")[start:until]:
                    self._other(line + b"\n", path)
            else:
                hashes, withheld = found
                self.last, self.number = hashes[-1], self.number + len(hashes)
                self.report.withheld += withheld
                if self.number in self.stops:
                    self._compare(path)
            start = until

    def _until(self) -> int:
        """The next number whose hash is known by another way."""
        return min(each for each in self.stops if each > self.number)

    def finish(self, path: str = "") -> None:
        """After the last line: nothing may be missing."""
        if self.number != self.expected.count:
            self._fault("it is missing, with everything after it", path)
        for proof in (each for each in self.proofs if each.count):
            self.expected, self.number = proof, 0
            self._fault("the conversation is missing", path)

    def named(self, broken: Broken) -> Broken:
        """The same, with the record that could not be read if it says none."""
        fault = broken.fault
        if fault.conversation:
            return broken
        if self.number == self.expected.count:
            try:
                self._next(fault.path)
            except Broken:
                return broken
        return Broken(Fault(fault.what, fault.path, self.expected.conversation, self.number + 1))

    def _next(self, path: str) -> None:
        ended = self.expected
        self.expected = next((each for each in self.proofs if each.count), Expected("", 0, ""))
        if not self.expected.count:
            raise Broken(
                Fault(f"more records than there should be, after {ended.conversation or 'the beginning'}", path)
            )
        self.ref, self.number, self.last = self.expected.conversation.encode(), 0, START
        self.stops = (self.expected.sealed_count, self.expected.count)

    def _other(self, raw: bytes, path: str) -> None:
        if self.number == self.expected.count:
            self._next(path)
        try:
            line = read_line(raw)
        except ValueError as error:
            self._fault(str(error), path)
        if line.number != self.number + 1 or line.conversation not in ("", self.expected.conversation):
            self._fault("another record stands in its place", path)
        self.last = hashlib.sha256(self.last + line.digest).digest()
        if self.last.hex() != line.hash:
            self._fault("its frame or hash was changed, or what came before it", path)
        if line.wrong:
            self._fault(f"{line.wrong} is not what was said", path)
        self._file(line)
        self.number += 1
        self._count(line)
        if self.number in self.stops:
            self._compare(path)

    def _file(self, line: Line) -> None:
        if line.file in self.bad_files:
            self._fault("the file is not the one that was sent", self.bad_files[line.file])

    def _count(self, line: Line) -> None:
        self.report.withheld += line.withheld
        self.report.redacted += line.redacted
        self.report.hidden += not line.conversation

    def _compare(self, path: str) -> None:
        """Where the closed part ends, and where the conversation ends."""
        wanted = {self.expected.sealed_count: self.expected.sealed_head, self.expected.count: self.expected.head}
        both = self.expected.sealed_count == self.expected.count
        if self.last.hex() != wanted[self.number] or (both and self.expected.sealed_head != self.expected.head):
            self.number -= 1
            self._fault("the log knows another record here", path)
        self.report.records += self.number if self.number == self.expected.count else 0
        self.report.conversations += self.number == self.expected.count

    def _fault(self, what: str, path: str) -> NoReturn:
        raise Broken(Fault(what, path, self.expected.conversation, self.number + 1))
