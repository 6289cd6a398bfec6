"""Going through records in their order: numbers, chain, commitments, and what the log says about the end."""

from __future__ import annotations

import hashlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from transcripts.proof.chain import START
from transcripts.verify.lines import Line, read_line
from transcripts.verify.report import Broken, Fault, Report
from transcripts.verify.shape import USUAL

STANDARD, SAFE = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True)
class Expected:
    """What a proof says of a conversation: number and hash (hex) of its last record here, and of the closed part."""

    conversation: str
    count: int
    head: str
    sealed_count: int = 0
    sealed_head: str = ""


class Walk:
    """Give it the lines of all files with `through`, then call `finish`. Raises Broken at the first bad record."""

    def __init__(self, proofs: Iterator[Expected], report: Report, bad_files: Mapping[str, str]) -> None:
        self.proofs = proofs
        self.report = report
        self.bad_files = bad_files  # by their hash
        self.expected = Expected("", 0, "")
        self.ref = b""
        self.number = 0
        self.stops: tuple[int, ...] = ()
        self.last = START

    def through(self, lines: Iterable[bytes], path: str) -> None:
        """The next lines, each with its line feed. What most lines need stands here; hence its length."""
        usual, sha256, encoded, decoded = USUAL.fullmatch, hashlib.sha256, b2a_base64, a2b_base64
        for line in lines:
            found = usual(line)
            if self.number == self.expected.count:
                self._next(path)
            if found is None:
                self._other(line, path)
                continue
            content, value, frame, ref, number, said, commitment, record_hash, salted, salt = found.groups()
            if ref != self.ref or int(number) != self.number + 1:
                self._fault("another record stands in its place", path)
            self.last = sha256(self.last + sha256(frame).digest()).digest()
            if self.last.hex().encode() != record_hash:
                self._fault("its frame or hash was changed, or what came before it", path)
            if value is None or not content == said == salted:
                self._odd(content or salted, said, path)
            elif encoded(sha256(decoded(salt.translate(STANDARD) + b"==") + value).digest()).translate(SAFE) != (
                commitment + b"=\n"
            ):
                self._fault(f"{content.decode()} is not what was said", path)
            self.number += 1
            if self.number in self.stops:
                self._compare(path)

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

    def _odd(self, given: bytes | None, said: bytes | None, path: str) -> None:
        """Nothing was said, or it is not here; or a field is here that was never said so."""
        if given is not None:
            self._fault(f"{given.decode()} is not what was said", path)
        self.report.withheld += said is not None

    def _other(self, raw: bytes, path: str) -> None:
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
