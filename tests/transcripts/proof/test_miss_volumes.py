"""A whole volume of an export that is not there is named: each says its number, and the one before by its hash."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.transcripts.proof.making import make_bundle
from transcripts.proof.bundle import MANIFEST
from transcripts.proof.canonical import Json
from transcripts.verify.__main__ import BROKEN, WHOLE, main
from transcripts.verify.volumes import volume_of

pytestmark = pytest.mark.once


def make_volume(folder: Path, number: int, before: str = "", *, is_last: bool = False, export: str = "abc") -> str:
    """The SHA-256 of its manifest."""
    facts: dict[str, Json] = {
        "export": export,
        "volume": {"number": number, "is_last": is_last, "before": before},
    }
    make_bundle(folder, count=1, seed=number, facts=facts)
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


@pytest.fixture
def four(tmp_path: Path) -> Path:
    """An export of four volumes."""
    before = ""
    for number in range(1, 5):
        before = make_volume(tmp_path / f"VOL{number:03}", number, before, is_last=number == 4)
    return tmp_path


def said(path: Path, capsys: pytest.CaptureFixture[str], wanted: int) -> str:
    assert main([str(path)]) == wanted
    return capsys.readouterr().out


def test_all_of_them_are_whole(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(four, capsys, WHOLE)
    assert told.count("WHOLE") == 4
    assert "volume 4 of export abc, the last" in told


@pytest.mark.parametrize(
    ("taken", "fault"),
    [
        ([1], "volume 1 is missing"),
        ([2], "volume 2 is missing"),
        ([2, 3], "volumes 2 to 3 are missing"),
        ([4], "every volume after 3 is missing"),
        ([3, 4], "every volume after 2 is missing"),
        ([1, 2, 3], "volumes 1 to 3 are missing"),
    ],
)
def test_what_is_missing_is_named(four: Path, capsys: pytest.CaptureFixture[str], taken: list[int], fault: str) -> None:
    for number in taken:
        shutil.rmtree(four / f"VOL{number:03}")
    told = said(four, capsys, BROKEN)
    assert f"export abc:\n  BROKEN: {fault}" in told
    assert told.count("BROKEN") == 1
    assert told.count("WHOLE") == 4 - len(taken)


def test_one_with_its_manifest_forged_counts_as_missing(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = four / "VOL002" / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"number":2', b'"number":3'))
    assert "volume 2 is missing" in said(four, capsys, BROKEN)


def test_one_of_another_making_does_not_follow(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(four / "VOL002")
    make_volume(four / "VOL002", 2, "ab" * 32)
    told = said(four, capsys, BROKEN)
    assert "volume 2 does not follow the volume 1 that is here" in told
    assert "volume 3 does not follow the volume 2 that is here" in told


def test_two_of_one_number_and_one_behind_the_last(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_volume(four / "again", 4, "cd" * 32, is_last=True)
    assert "there are two different volumes 4" in said(four, capsys, BROKEN)
    shutil.rmtree(four / "again")
    make_volume(four / "more", 5, "ef" * 32, is_last=True)
    assert "volume 5 comes after the last one, 4" in said(four, capsys, BROKEN)


def test_the_same_one_twice_is_no_fault(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(four / "VOL002", four / "copy of VOL002")
    assert said(four, capsys, WHOLE).count("WHOLE") == 5


def test_exports_beside_each_other_are_told_apart(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_volume(four / "other", 1, export="xyz")
    told = said(four, capsys, BROKEN)
    assert "export xyz:\n  BROKEN: every volume after 1 is missing" in told
    assert "export abc:" not in told


def test_one_alone_is_whole_and_says_that_there_are_others(four: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(four / "VOL002", capsys, WHOLE)
    assert "volume 2 of export abc" in told
    assert "none is missing is seen when all lie in one folder" in told
    make_volume(four / "single", 1, is_last=True, export="one")
    assert "in one folder" not in said(four / "single", capsys, WHOLE)


@pytest.mark.parametrize(
    "volume", [None, [], "2", {}, {"number": "2"}, {"number": 0}, {"number": 1e9}, {"number": 1 << 40}]
)
def test_what_says_nothing_of_volumes_is_none(volume: Json) -> None:
    assert volume_of({"export": "abc", "volume": volume}, b"") is None
    assert volume_of({"export": 3, "volume": {"number": 1}}, b"") is None
