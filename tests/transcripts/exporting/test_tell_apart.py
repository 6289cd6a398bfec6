"""Conversations that a part changes are told one by one, in their place among those that are copied as they are."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from chatdesk.models import Conversation
from tests.factories import Cast, make_guest
from tests.transcripts.exporting.archive import exported, parts, read, records, talked, texts, unpacked
from transcripts.actions import redacting
from transcripts.actions.exporting import sources, volumes
from transcripts.models import Profile
from transcripts.verify.__main__ import main as verify

PATH = "records/records.jsonl"


@pytest.fixture
def made(cast: Cast) -> list[Conversation]:
    return [talked(cast, f"text {n}", "é \u2028 \U0001f600", guest=make_guest(), files=1, note="n") for n in range(5)]


def marked(monkeypatch: pytest.MonkeyPatch, conversations: Collection[Conversation]) -> list[list[int]]:
    """As if something were to be covered in these, which comes to nothing; what was asked, batch by batch."""
    pks, asked = {each.pk for each in conversations}, []

    def of(ids: Any) -> dict[int, redacting.Marks]:
        asked.append([row["conversation_id"] for row in ids])
        return {pk: redacting.Marks() for pk in pks.intersection(asked[-1])}

    monkeypatch.setattr(redacting, "of", of)
    return asked


@pytest.mark.parametrize("places", [(0,), (4,), (1, 3), (2, 3), (0, 1, 2, 3, 4)])
def test_both_ways_write_the_same_lines_in_the_same_order(
    made: list[Conversation], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, places: tuple[int, ...]
) -> None:
    copied = read(parts(exported())[0], PATH)
    marked(monkeypatch, [made[place] for place in places])
    [part] = parts(exported())
    assert read(part, PATH) == copied
    assert verify([str(unpacked(part, tmp_path / "copy"))]) == 0


@pytest.mark.parametrize("most", [2, 500])
def test_few_among_very_many_are_read_alone(
    made: list[Conversation], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    copied = read(parts(exported())[0], PATH)
    marked(monkeypatch, made[1:3])
    monkeypatch.setattr(sources, "MOST_TOLD", most)
    assert read(parts(exported())[0], PATH) == copied


def test_marks_are_asked_for_once_for_a_batch(made: list[Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = marked(monkeypatch, [])
    monkeypatch.setattr(volumes, "MANY", 3)
    exported()
    assert [len(each) for each in asked] == [3, 2]
    assert sorted(pk for each in asked for pk in each) == sorted(each.pk for each in made)


def test_a_profile_that_withholds_tells_all(made: list[Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = marked(monkeypatch, made)
    export = exported(profile=Profile.EXTERNAL)
    assert len(asked) == 1
    assert "n" not in texts(export)
    assert {line["frame"]["conversation"] for line in records(export)} == {each.ref for each in made}


@pytest.mark.parametrize("ahead", [0, 3000])
def test_long_ones_are_copied_between_signs(
    made: list[Conversation], monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    whole = read(parts(exported())[0], PATH)
    monkeypatch.setattr(volumes, "MOST_AHEAD", ahead)
    export = exported()
    assert read(parts(export)[0], PATH) == whole
    assert export.records == whole.count(b"\n") > len(made)


def test_a_conversation_longer_than_a_block_is_whole(cast: Cast, tmp_path: Path) -> None:
    talked(cast, *(f"text {number}" for number in range(140)))
    export = exported()
    assert [line["frame"]["number"] for line in records(export)] == list(range(1, export.records + 1))
    assert export.records > 140
    assert verify([str(unpacked(parts(export)[0], tmp_path / "copy"))]) == 0
