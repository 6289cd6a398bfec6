"""`manage.py export`: the same bundle in the foreground, with progress."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import Cast
from tests.transcripts.exporting.archive import talked
from transcripts.actions.exporting.running import run_due
from transcripts.models import AskedSearch, Export, ExportState
from transcripts.verify.__main__ import main as verify


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("export", *arguments, stdout=out)
    return out.getvalue()


def test_it_writes_a_bundle_that_verifies(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talked(cast, "hello", files=1)
    said = run("--format", "jsonl", "--format", "html", "--out", str(tmp_path / "out"))
    assert "1 conversations" in said
    assert Export.objects.get().manifest_sha256 in said
    assert "1 of 1 conversations (100%)" in capsys.readouterr().err
    assert verify([str(tmp_path / "out")]) == 0
    assert not AskedSearch.objects.exists()


def test_a_zip_if_it_is_called_so(cast: Cast, tmp_path: Path) -> None:
    talked(cast, "hello")
    run("--format", "jsonl", "--out", str(tmp_path / "out.zip"))
    assert "manifest.json" in zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]
    assert verify([str(tmp_path / "out.zip")]) == 0


def test_in_volumes(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talked(cast, "hello")
    talked(cast, "hello", guest=cast.walt)
    monkeypatch.setattr("transcripts.management.commands.export.MEGABYTE", 1)
    run("--format", "jsonl", "--out", str(tmp_path / "out"), "--volume-mb", "1")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["VOL001", "VOL002"]
    assert verify([str(tmp_path / "out")]) == 0
    shutil.rmtree(tmp_path / "out" / "VOL002")
    assert verify([str(tmp_path / "out")]) == 1
    assert "every volume after 1 is missing" in capsys.readouterr().out


def test_a_search_and_a_profile(cast: Cast, tmp_path: Path) -> None:
    talked(cast, "hello", note="marker-note")
    talked(cast, "hello", button=cast.support_button, guest=cast.walt)
    run("--format", "jsonl", "--out", str(tmp_path / "out"), "--query", "group:sales", "--profile", "external")
    assert Export.objects.get().conversations == 1
    assert b"marker-note" not in (tmp_path / "out/records/records.jsonl").read_bytes()


@pytest.mark.parametrize("arguments", [["--format", "docx"], ["--format", "jsonl", "--query", "from:yesterday"]])
def test_what_cannot_be_done_is_said(db: None, tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments, "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert not Export.objects.exists()


def test_nothing_is_overwritten(db: None, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(CommandError):
        run("--format", "jsonl", "--out", str(tmp_path))
    assert (tmp_path / "kept").read_text() == "mine"
    assert not Export.objects.exists()


def test_a_command_that_was_killed_is_not_gone_on_with(db: None) -> None:
    Export.objects.create(state=ExportState.RUNNING, in_foreground=True, lease="x", lease_until=timezone.now())
    run_due()
    assert Export.objects.get().state == ExportState.FAILED
