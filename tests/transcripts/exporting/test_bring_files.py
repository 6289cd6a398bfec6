"""Files: brought as recorded; one that is missing, changed or unreadable is named, and never ends a job."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, manifest, parts, read, talked, unpacked
from transcripts.actions.exporting import volumes
from transcripts.actions.exporting.lines import lines
from transcripts.actions.exporting.sources import Item, items_after
from transcripts.models import Export, ExportItem, ExportState, ExportWarning, Record
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


def gone_before(monkeypatch: pytest.MonkeyPatch, conversation: Conversation) -> None:
    """Its records go when the set is fixed and nothing of it is written yet."""

    def without(export: Export, position: int, most: int) -> list[Item]:
        found = items_after(export, position, most)
        return [item._replace(is_here=item.is_here and item.conversation_id != conversation.pk) for item in found]

    monkeypatch.setattr(volumes, "items_after", without)


def gone_meanwhile(monkeypatch: pytest.MonkeyPatch, conversation: Conversation) -> None:
    """Its records go when its batch is begun and its lines are not written yet."""

    def without(export: int, first: int, last: int, found: set[int]) -> Iterator[bytes]:
        Record.objects.filter(conversation=conversation).delete()
        return lines(export, first, last, found)

    monkeypatch.setattr(volumes, "lines", without)


@pytest.mark.parametrize("goes_away", [gone_before, gone_meanwhile])
def test_a_conversation_that_is_gone_is_left_out_with_its_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, goes_away: Callable[..., None]
) -> None:
    stays, goes = talked(cast, "stays"), talked(cast, "goes", guest=cast.walt)
    goes_away(monkeypatch, goes)
    export = exported()
    assert (export.state, export.warnings) == (ExportState.WARNED, 1)
    item = ExportItem.objects.get(export=export, conversation_id=goes.pk)
    assert (item.state, item.reason) == (ExportItem.State.SKIPPED, "gone")
    [part] = parts(export)
    counted = [json.loads(line) for line in read(part, "conversations.jsonl").splitlines()]
    assert [line.get("skipped") for line in counted if line["conversation"] == goes.ref] == ["gone"]
    assert manifest(part)["records"] == Record.objects.filter(conversation=stays).count()
    assert verify([str(unpacked(part, tmp_path / "copy"))]) == 0


def test_one_file_twice_is_brought_once(cast: Cast, tmp_path: Path) -> None:
    made = talked(cast, files=2)
    first, second = made.files.order_by("pk")
    assert first.sha256 != second.sha256
    folder = unpacked(parts(exported())[0], tmp_path / "copy")
    assert len([path for path in (folder / "files").rglob("*") if path.is_file()]) == 2
