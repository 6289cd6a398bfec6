"""The program that checks bundles, as a stranger to the desk would use it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.house.source import ROOT
from tests.transcripts.proof.making import make_bundle, make_copy
from transcripts.verify.__main__ import BROKEN, UNREADABLE, WHOLE, main

pytestmark = pytest.mark.once

# Any import of Django, of the database or of another part of the desk ends the program.
ALONE = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        allowed = {"transcripts", "cryptography", "_cffi_backend", "cffi", *sys.stdlib_module_names}
        inside = ("transcripts", "transcripts.proof", "transcripts.verify")
        if name.split(".")[0] not in allowed or (name.startswith("transcripts.") and not name.startswith(inside[1:])):
            raise ModuleNotFoundError(f"asked for {name}")
sys.meta_path.insert(0, Refuse())
from transcripts.verify.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    make_bundle(tmp_path / "bundle")
    return tmp_path / "bundle"


def zipped(folder: Path, inside: str = "") -> Path:
    path = folder.with_suffix(".zip")
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for each in folder.rglob("*"):
            if each.is_file():
                file.write(each, inside + each.relative_to(folder).as_posix())
    return path


def test_a_whole_bundle_is_whole(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(bundle)]) == WHOLE
    said = capsys.readouterr().out
    assert "WHOLE" in said
    assert "6 conversations, 66 records, 6 files" in said
    assert "6 withheld, 6 hidden records, 6 redacted" in said
    assert "1 conversations were not closed yet" in said


@pytest.mark.parametrize("inside", ["", "export/"])
def test_a_zip_is_read_as_it_came_or_packed_again(bundle: Path, inside: str) -> None:
    assert main([str(zipped(bundle, inside))]) == WHOLE


def test_a_folder_of_volumes_is_read_volume_by_volume(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in (1, 2):
        make_bundle(tmp_path / f"VOL00{seed}", count=2, seed=seed)
    zipped(tmp_path / "VOL002")
    shutil.rmtree(tmp_path / "VOL002")
    assert main([str(tmp_path)]) == WHOLE
    assert capsys.readouterr().out.count("WHOLE") == 2


def test_a_copy_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "copy.json").write_bytes(make_copy())
    assert main([str(tmp_path / "copy.json")]) == WHOLE
    assert "1 conversations, 11 records" in capsys.readouterr().out


def test_it_needs_neither_the_desk_nor_a_database(bundle: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{ALONE}", str(bundle)],
        capture_output=True,
        text=True,
        env={"PATH": "/nowhere"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (WHOLE, "")
    assert "WHOLE" in done.stdout


def test_what_it_can_not_read_is_said_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("this is no ZIP")
    (tmp_path / "other.json").write_text('{"some": "thing"}')
    (tmp_path / "no.head").write_text("{}")
    for name in ("nowhere", "empty", "text.zip", "other.json"):
        assert main([str(tmp_path / name)]) == UNREADABLE
    assert main([str(tmp_path / "other.json"), "--head", str(tmp_path / "no.head")]) == UNREADABLE
    assert capsys.readouterr().err.count("UNREADABLE") == 5


def test_a_file_too_much_is_found(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle / "records" / "000000.jsonl").write_text("{}\n")
    assert main([str(bundle)]) == BROKEN
    assert "records/000000.jsonl: the file is not of this bundle" in capsys.readouterr().out
