"""How long a million records take to be verified, beside hashing the same bytes with nothing looked at."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from tests.bench.backing import Backing
from tests.bench.table import Bar, show, show_bars
from tests.transcripts.proof.making import Talk, proofs, sealed
from transcripts.formats.volume import FolderVolume
from transcripts.proof import bundle
from transcripts.verify.bundle import check_bundle
from transcripts.verify.sources import Folder
from transcripts.verify.trust import Trust

T = TypeVar("T")
RECORDS, EACH = 1_000_000, 100
MOST = 2.0
TEXT = "Good morning, where is my order {} of {}? I have been waiting for it since last week."


def run(backing: Backing) -> None:
    """Verify a bundle of messages, and hash it line by line from the same file: whole, frame, chain and text."""
    folder = backing.new_folder()
    _make(folder)
    path = folder / "records/000001.jsonl"
    report, verifying = _timed(lambda: check_bundle(Folder(folder), Trust()))
    _, hashing = _timed(lambda: _hash(path))
    if report.faults or report.records != RECORDS:
        raise AssertionError(f"the bundle is not whole: {report.faults}")
    rows = [["verifying", f"{verifying:.1f} s"], ["hashing alone", f"{hashing:.1f} s"]]
    show(f"{RECORDS:,} records, {path.stat().st_size / 1e6:.0f} MB", ["on one core", "time"], rows)
    show_bars([Bar("verifying / hashing the same bytes", verifying / hashing, most=MOST)])


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and the processor seconds it took: other work on the machine does not count."""
    begun = time.process_time()
    found = work()
    return found, time.process_time() - begun


def _make(folder: Path) -> None:
    ends: list[Talk] = []

    def lines() -> Iterator[bytes]:
        for place in range(RECORDS // EACH):
            talk = Talk(f"conversation{place:010}")
            for number in range(EACH):
                talk.add("message", {"body": TEXT.format(number, place)})
            yield from talk.lines
            talk.lines = [b""] * EACH  # their number is enough from here on
            ends.append(talk)

    volume = FolderVolume(folder)
    volume.write("records/000001.jsonl", lines())
    leaves = [talk.leaf(place) for place, talk in enumerate(ends)]
    volume.write(bundle.PROOFS, map(bundle.proof_line, proofs(ends, leaves)))
    bundle.finish(volume, {"kind": "export"}, sealed(leaves=leaves))


def _hash(path: Path) -> bytes:
    """The same hashes over as many bytes: the file, and of each record the frame, the link and the salted text."""
    whole, last = hashlib.sha256(), bytes(32)
    with path.open("rb") as file:
        for line in file:
            whole.update(line)
            begin = line.index(b',"frame":')
            last = hashlib.sha256(last + hashlib.sha256(line[begin + 9 : -121]).digest()).digest()
            hashlib.sha256(line[:begin]).digest()
    return last
