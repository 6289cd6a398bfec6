"""Volumes by size, each pointing to the one before; Bates numbers that go on over volumes and exports of a matter."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.factories import Cast, make_guest
from tests.transcripts.exporting.archive import exported, manifest, parts, records, talked
from transcripts.actions.exporting.asking import Wanted, ask
from transcripts.actions.exporting.running import run_due
from transcripts.models import Export, ExportState, Matter

DAT = ["dat"]


@pytest.fixture
def archive(cast: Cast) -> list[str]:
    return [talked(cast, f"text {number}", guest=make_guest(), files=1).ref for number in range(3)]


@pytest.mark.usefixtures("archive")
def test_volumes_end_with_the_conversation_that_fills_them() -> None:
    export = exported(volume_bytes=1)
    told = [manifest(part) for part in parts(export)]
    assert [each["positions"] for each in told] == [{"first": n, "last": n, "of": 3} for n in (1, 2, 3)]
    assert [each["volume"]["is_last"] for each in told] == [False, False, True]
    before = ["", *(part.manifest_sha256 for part in parts(export))]
    assert [each["volume"]["before"] for each in told] == before[:3]
    assert export.manifest_sha256 == before[3]


def test_large_enough_is_one_volume(archive: list[str]) -> None:
    export = exported()
    assert len(parts(export)) == 1
    assert list(dict.fromkeys(line["frame"]["conversation"] for line in records(export))) == archive


def numbers(export: Export) -> list[tuple[str, str]]:
    return [(part.bates_first, part.bates_last) for part in parts(export)]


@pytest.mark.usefixtures("archive")
def test_numbers_go_on_over_volumes_and_exports(matter: Matter, cora: User) -> None:
    first = exported(cora, formats=DAT, bates_prefix="ABC", matter_id=matter.pk, volume_bytes=1)
    assert numbers(first) == [
        ("ABC00000001", "ABC00000002"),
        ("ABC00000003", "ABC00000004"),
        ("ABC00000005", "ABC00000006"),
    ]
    second = exported(cora, formats=DAT, bates_prefix="ABC", matter_id=matter.pk)
    assert numbers(second) == [("ABC00000007", "ABC00000012")]


@pytest.mark.usefixtures("archive")
def test_another_matter_or_prefix_begins_anew(matter: Matter, cora: User) -> None:
    exported(cora, formats=DAT, bates_prefix="ABC", matter_id=matter.pk)
    assert numbers(exported(cora, formats=DAT, bates_prefix="XYZ", matter_id=matter.pk))[0][0] == "XYZ00000001"
    assert numbers(exported(cora, formats=DAT, bates_prefix="ABC"))[0][0] == "ABC00000001"


@pytest.mark.usefixtures("archive")
def test_two_do_not_count_at_once(matter: Matter, cora: User) -> None:
    first = exported(cora, formats=DAT, bates_prefix="ABC", matter_id=matter.pk)
    Export.objects.filter(pk=first.pk).update(state=ExportState.PAUSED)
    second = ask(Wanted(formats=DAT, bates_prefix="ABC", matter_id=matter.pk), cora)
    run_due()
    second.refresh_from_db()
    assert (second.state, parts(second)) == (ExportState.QUEUED, [])
    Export.objects.filter(pk=first.pk).update(state=ExportState.DONE)
    run_due()
    assert numbers(second)[0][0] == "ABC00000007"
