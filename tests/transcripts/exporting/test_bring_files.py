"""Files: brought as recorded; one that is missing, changed or unreadable is named, and never ends a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, parts, read, talked, unpacked
from transcripts.models import Chain, ExportItem, ExportState, ExportWarning
from transcripts.verify.__main__ import main as verify


def broken(conversation: Conversation) -> tuple[str, str]:
    """Of its three files, the first is gone and the second is another; their hashes as recorded."""
    gone, changed, _whole = conversation.files.order_by("pk")
    default_storage.delete(place_of(gone.key))
    default_storage.delete(place_of(changed.key))
    default_storage.save(place_of(changed.key), ContentFile(b"something else"))
    return gone.sha256, changed.sha256


@pytest.mark.parametrize("formats", [["jsonl"], ["html"], ["jsonl", "csv", "eml"]])
def test_a_missing_and_a_changed_file_are_warnings(cast: Cast, formats: list[str]) -> None:
    made = talked(cast, "see these", files=3)
    gone, changed = broken(made)
    export = exported(formats=formats)
    assert (export.state, export.warnings) == (ExportState.WARNED, 2)
    rows = {row.kind: row for row in ExportWarning.objects.filter(export=export)}
    assert set(rows) == {"missing", "changed"}
    assert rows["changed"].expected == changed
    assert len(rows["changed"].found) == 64
    told = [json.loads(line) for line in read(parts(export)[0], "warnings.jsonl").splitlines()]
    assert {each["what"] for each in told} == {"missing", "changed"}
    assert {each["conversation"] for each in told} == {made.ref}
    assert gone != changed


def test_the_whole_one_is_there_under_its_hash(cast: Cast, tmp_path: Path) -> None:
    made = talked(cast, "see these", files=3)
    broken(made)
    whole = made.files.order_by("pk")[2]
    folder = unpacked(parts(exported())[0], tmp_path / "copy")
    assert [path.name for path in (folder / "files").rglob("*") if path.is_file()] == [whole.sha256]
    assert verify([str(folder)]) == 0


def test_a_storage_that_fails_ends_no_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    talked(cast, "see this", files=1)

    def failing(name: str, mode: str = "rb") -> Any:
        if name.startswith("files/"):
            raise TimeoutError(name)
        return opened(name, mode)

    opened = default_storage.open
    monkeypatch.setattr(default_storage._wrapped, "open", failing)  # type: ignore[attr-defined]
    export = exported()
    assert (export.state, export.warnings) == (ExportState.WARNED, 1)


def test_a_conversation_that_is_gone_is_left_out_with_its_reason(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes = talked(cast, "stays"), talked(cast, "goes", guest=cast.walt)
    from_before = Chain.objects.values_list("pk", flat=True)
    assert set(from_before) == {stays.pk, goes.pk}

    def without(self: Any) -> set[int]:
        return {stays.pk}

    monkeypatch.setattr("transcripts.actions.exporting.sources.Sources.present", property(without))
    export = exported()
    assert (export.state, export.warnings) == (ExportState.WARNED, 1)
    item = ExportItem.objects.get(export=export, conversation_id=goes.pk)
    assert (item.state, item.reason) == (ExportItem.State.SKIPPED, "gone")
    lines = [json.loads(line) for line in read(parts(export)[0], "conversations.jsonl").splitlines()]
    assert [line.get("skipped") for line in lines if line["conversation"] == goes.ref] == ["gone"]


def test_one_file_twice_is_brought_once(cast: Cast, tmp_path: Path) -> None:
    made = talked(cast, files=2)
    first, second = made.files.order_by("pk")
    assert first.sha256 != second.sha256
    folder = unpacked(parts(exported())[0], tmp_path / "copy")
    assert len([path for path in (folder / "files").rglob("*") if path.is_file()]) == 2
