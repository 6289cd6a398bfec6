"""Exports by profile, as bundles: what is withheld is nowhere in the files, and the rest still verifies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, parts, records, talked, unpacked
from transcripts.models import ExportState, Profile
from transcripts.verify.__main__ import main as verify

SECRETS: dict[str, Any] = {
    "note": "marker-note, internal",
    "name": "Marker Winter",
    "email": "marker.winter@shop.example",
}


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("profile", [Profile.FULL, Profile.EXTERNAL, Profile.SUBJECT])
def test_a_bundle_of_any_profile_verifies(cast: Cast, tmp_path: Path, profile: str) -> None:
    talked(cast, "mine is +49 30 1234567, hers other@else.example", files=1, **SECRETS)
    export = exported(profile=profile, formats=["jsonl", "csv"])
    assert export.state == ExportState.DONE
    assert verify([str(unpacked(parts(export)[0], tmp_path / "copy"))]) == 0


def test_external_has_no_note_anywhere(cast: Cast, tmp_path: Path) -> None:
    talked(cast, "hello", files=1, **SECRETS)
    export = exported(profile="external", formats=["jsonl", "csv", "html", "eml", "mattermost"])
    folder = unpacked(parts(export)[0], tmp_path / "copy")
    assert b"marker-note" not in everything(folder)
    assert b"hello" in everything(folder)


def test_the_subjects_copy_names_nobody_else(cast: Cast, tmp_path: Path) -> None:
    talked(cast, "write to other@else.example", files=1, **SECRETS)
    export = exported(profile="subject", formats=["jsonl", "csv", "html"])
    said = everything(unpacked(parts(export)[0], tmp_path / "copy"))
    for other in (b"other@else.example", b"Alice", b"alice@desk.example", b"marker-note"):
        assert other not in said
    assert b"marker.winter@shop.example" in said


def test_a_training_copy_names_nobody(cast: Cast, tmp_path: Path) -> None:
    made = talked(cast, "I am Marker, call +49 30 1234567", files=1, **SECRETS)
    export = exported(profile="training", formats=["csv", "html"])
    assert export.state == ExportState.DONE
    said = everything(unpacked(parts(export)[0], tmp_path / "copy") / "csv")
    for personal in (b"Marker", b"marker", b"1234567", b"Alice", made.ref.encode(), b"%PDF"):
        assert personal not in said


def test_what_is_withheld_has_neither_value_nor_salt(cast: Cast) -> None:
    talked(cast, "hello", **SECRETS)
    notes = [line for line in records(exported(profile="external")) if line.get("frame", {}).get("kind") == "note"]
    assert [(line["content"], line["salts"]) for line in notes] == [({}, {})]
