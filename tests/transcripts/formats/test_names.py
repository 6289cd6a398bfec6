"""File names that no system and no archive program trips over."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.formats.xlist import TEXTS, each_text
from transcripts.formats import FolderVolume, ZipVolume
from transcripts.formats.names import LONGEST, numbered, safe_name, safe_path

pytestmark = pytest.mark.once

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def check(name: str) -> None:
    assert name
    assert not set(name) & set('<>:"/\\|?*')
    assert all(letter.isprintable() or unicodedata.category(letter) == "Zs" for letter in name)
    assert min(map(ord, name)) >= 32
    assert name not in (".", "..")
    assert name[-1] not in ". "
    assert name.split(".", maxsplit=1)[0].casefold() not in DEVICES
    assert len(name.encode()) <= LONGEST + 1


@each_text
def test_bad_names_become_good_ones(text: str) -> None:
    check(safe_name(text))


@given(st.text(max_size=300))
def test_any_name_becomes_a_good_one(text: str) -> None:
    check(safe_name(text))


def test_good_names_stay(tmp_path: Path) -> None:
    for name in ("bill.pdf", "Übersicht 2026.xlsx", "写真.jpg", ".profile", "a (2).txt"):
        assert safe_name(name) == name


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\..\\x", "x"),
        ("C:\\x.txt", "C_/x.txt"),
        ("a/./b//c", "a/b/c"),
        ("", "file"),
        ("a/nul.txt", "a/_nul.txt"),
    ],
)
def test_paths_stay_inside(path: str, safe: str) -> None:
    assert safe_path(path) == safe


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("ä" * 300 + ".pdf").endswith("ä.pdf")
    assert len(safe_name("x" * 300 + "." + "y" * 300).encode()) <= LONGEST


def test_a_second_of_a_name_is_numbered_before_its_ending() -> None:
    assert numbered("a/b.txt", 2) == "a/b (2).txt"
    assert numbered("a/b", 3) == "a/b (3)"
    assert numbered("a/.profile", 2) == "a/.profile (2)"


def test_names_that_differ_in_case_alone_do_not_meet(tmp_path: Path) -> None:
    volume = FolderVolume(tmp_path)
    for name in ("a.txt", "A.txt", "a.TXT", "./a.txt"):
        volume.write(name, [name.encode()])
    assert [file.path for file in volume.files] == ["a.txt", "A (2).txt", "a (3).TXT", "a (4).txt"]


def test_a_promised_place_is_kept_once(tmp_path: Path) -> None:
    volume = FolderVolume(tmp_path)
    place = volume.place("a.txt")
    assert [volume.write(place, []).path, volume.write("a.txt", []).path] == ["a.txt", "a (2).txt"]


def test_a_zip_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    target = io.BytesIO()
    volume = ZipVolume(target)
    for number, text in enumerate(TEXTS):
        volume.write(f"{number}/{text}", [b"x"])
        volume.write(f"same/{safe_name(text)}", [b"x"])
    volume.close()
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert len({name.casefold() for name in names}) == 2 * len(TEXTS)
        assert [name for name in names if name.startswith("/") or ".." in name.split("/") or "\\" in name] == []
        archive.extractall(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_that_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        FolderVolume(tmp_path).write("a.txt", [b"theirs"])
    assert (tmp_path / "a.txt").read_text() == "mine"
