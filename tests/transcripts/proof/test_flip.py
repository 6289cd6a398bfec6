"""One flipped bit anywhere is found, and the right record is named. Cut, moved and planted records too (X-18, C-07)."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest

from tests.transcripts.proof.making import Talk, make_bundle, make_copy
from transcripts.verify.bundle import check_bundle
from transcripts.verify.copy import check_copy
from transcripts.verify.report import Fault, Unreadable
from transcripts.verify.sources import Folder, Source
from transcripts.verify.trust import Trust

pytestmark = pytest.mark.once
FLIPS = 1000


def fault_of(folder: Path) -> Fault:
    report = check_bundle(Folder(folder), Trust())
    assert len(report.faults) == 1
    return report.faults[0]


def places(talks: list[Talk]) -> dict[str, list[tuple[str, int]]]:
    """For each file of records, which record stands on which line."""
    half = len(talks) // 2
    parts = {"records/000001.jsonl": talks[:half], "records/000002.jsonl": talks[half:]}
    return {
        path: [(talk.ref, number) for talk in part for number in range(1, len(talk.lines) + 1)]
        for path, part in parts.items()
    }


def sent(talks: list[Talk]) -> dict[str, tuple[str, int]]:
    """For each file that was sent, the record that names it: the fourth from the end."""
    return {f"files/{key[:12]}.pdf": (talk.ref, len(talk.lines) - 3) for talk in talks for key in talk.files}


class Held(Source):
    """A bundle in memory: a thousand checks ask the disk for nothing."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> set[str]:
        return set(self.files)

    def open(self, name: str) -> IO[bytes]:
        return BytesIO(self.files[name])


def test_a_flipped_bit_is_found_wherever_it_is(tmp_path: Path, record_property: Callable[[str, str], None]) -> None:
    talks = make_bundle(tmp_path, count=3)
    lines, files = places(talks), sent(talks)
    held = {name: (tmp_path / name).read_bytes() for name in Folder(tmp_path).names()}
    chance = random.Random(42)
    for _ in range(FLIPS):
        name = chance.choice(sorted(held))
        whole = held[name]
        place, bit = chance.randrange(len(whole)), chance.randrange(8)
        flipped = whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
        (fault,) = check_bundle(Held({**held, name: flipped}), Trust()).faults
        if name in lines:
            wanted = lines[name][whole[:place].count(b"\n")]
            assert (fault.path, fault.conversation, fault.number) == (name, *wanted), (place, bit, fault)
        elif name in files:
            assert (fault.path, fault.conversation, fault.number) == (name, *files[name]), (place, bit, fault)
        else:
            assert fault.path in (name, "manifest.json"), (name, place, bit, fault)
    assert check_bundle(Held(held), Trust()).is_whole
    record_property("figure", f"{FLIPS} flipped bits: all found, each with its record")


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "records/000001.jsonl").read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("place", [0, 5, 10, 15, 32])
def test_a_missing_record_is_named(tmp_path: Path, place: int) -> None:
    wanted = places(make_bundle(tmp_path))["records/000001.jsonl"][place]
    lines = lines_of(tmp_path)
    (tmp_path / "records/000001.jsonl").write_bytes(b"".join(lines[:place] + lines[place + 1 :]))
    fault = fault_of(tmp_path)
    assert (fault.conversation, fault.number) == wanted


@pytest.mark.parametrize("place", [0, 5, 10, 15, 31])
def test_records_in_another_order_are_named(tmp_path: Path, place: int) -> None:
    wanted = places(make_bundle(tmp_path))["records/000001.jsonl"][place]
    lines = lines_of(tmp_path)
    lines[place : place + 2] = lines[place + 1 : place - 1 if place else None : -1][:2]
    (tmp_path / "records/000001.jsonl").write_bytes(b"".join(lines))
    fault = fault_of(tmp_path)
    assert (fault.conversation, fault.number) == wanted


@pytest.mark.parametrize("kept", [0, 1, 40, 1000])
def test_c07_a_tail_that_was_cut_off_is_named(tmp_path: Path, kept: int) -> None:
    wanted = places(make_bundle(tmp_path))
    path = tmp_path / "records/000002.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])
    fault = fault_of(tmp_path)
    assert (fault.conversation, fault.number) == wanted["records/000002.jsonl"][whole[:kept].count(b"\n")]


def test_a_missing_file_of_records_is_named_by_its_first(tmp_path: Path) -> None:
    talks = make_bundle(tmp_path)
    (tmp_path / "records/000002.jsonl").unlink()
    fault = fault_of(tmp_path)
    assert (fault.conversation, fault.number) == (talks[3].ref, 1)


def test_a_record_that_was_planted_at_the_end_is_named(tmp_path: Path) -> None:
    make_bundle(tmp_path)
    path = tmp_path / "records/000002.jsonl"
    path.write_bytes(path.read_bytes() + lines_of(tmp_path)[0])
    assert "more records than there should be" in fault_of(tmp_path).what


def test_a_text_with_a_commitment_of_its_own_breaks_the_chain(tmp_path: Path) -> None:
    """X-18: who changes the text, its salt, its commitment and even its hash can't change what follows."""
    talks, others = make_bundle(tmp_path / "one"), make_bundle(tmp_path / "two", seed=99)
    lines = lines_of(tmp_path / "one")
    lines[1] = others[0].lines[1]
    (tmp_path / "one/records/000001.jsonl").write_bytes(b"".join(lines))
    fault = fault_of(tmp_path / "one")
    assert (fault.conversation, fault.number) == (talks[0].ref, 3)


def test_a_flipped_bit_in_a_copy_is_found(record_property: Callable[[str, str], None]) -> None:
    whole, chance, named = make_copy(), random.Random(7), 0
    first = whole.index(b'"records":[') + len(b'"records":[')
    last = whole.index(b'],"signature":', first)
    begins = [first + found.start() for found in re.finditer(rb'\{"(?:content":\{|digest":)', whole[first:last])]
    for _ in range(300):
        place, bit = chance.randrange(len(whole)), chance.randrange(8)
        try:
            report = check_copy(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :], Trust())
        except Unreadable:
            continue
        assert not report.is_whole, (place, bit)
        if first <= place < last and report.faults[0].number:
            number = sum(begin <= place for begin in begins)
            assert report.faults[0].number == number, (place, bit, report.faults)
            named += 1
    assert named > 200
    assert check_copy(whole, Trust()).is_whole


def test_json_that_says_the_same_in_another_way_is_another_file() -> None:
    whole = make_copy()
    report = check_copy(json.dumps(json.loads(whole), indent=1).encode(), Trust())
    assert report.faults == [Fault("the file was changed")]
