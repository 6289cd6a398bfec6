"""A worker that is killed (SIGKILL) at any line: the next one goes on, nothing is lost, and nothing leaves twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.factories import Cast, make_guest
from tests.mail import dying
from tests.services.process import ROOT
from tests.transcripts.exporting.archive import parts, records, talked, unpacked
from transcripts.actions import heads
from transcripts.actions.exporting.asking import Wanted, ask
from transcripts.actions.exporting.running import folder_of, run_due
from transcripts.models import Export, ExportItem, ExportState, LogLeaf, Record

POINTS = 8


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dying, "OURS", (f"{ROOT}/transcripts/actions/exporting/",))


@pytest.fixture
def asked(transactional_db: None, cast: Cast) -> Export:
    for number in range(4):
        talked(cast, f"text {number}", guest=make_guest(), files=1)
    heads.seal()
    return ask(Wanted(formats=["jsonl", "csv"], volume_bytes=1), None)


@pytest.mark.usefixtures("ours")
def test_it_ends_whole_wherever_it_was_killed(asked: Export, tmp_path: Path) -> None:
    lines = dying.lines_of(run_due)
    wanted = {(row.conversation_id, row.number) for row in Record.objects.all()}
    for point in range(1, POINTS + 1):
        export = ask(Wanted(formats=["jsonl", "csv"], volume_bytes=1), None)
        assert dying.kill_at(lines * point // (POINTS + 1), run_due)
        Export.objects.filter(state=ExportState.RUNNING).update(lease_until=timezone.now())
        run_due()
        export.refresh_from_db()
        assert (export.state, export.warnings) == (ExportState.DONE, 0)
        assert [part.number for part in parts(export)] == [1, 2, 3, 4]
        brought = [(line["frame"]["conversation"], line["frame"]["number"]) for line in records(export)]
        assert len(brought) == len(set(brought)) == len(wanted)
        assert set(export.items.values_list("state", flat=True)) == {ExportItem.State.DONE}
        assert LogLeaf.objects.filter(kind="export.finished", data__contains=export.ref).count() == 1
    for part in parts(Export.objects.latest("pk")):
        unpacked(part, tmp_path / part.name)
    verified = subprocess.run([sys.executable, "-m", "transcripts.verify", str(tmp_path)], cwd=ROOT, check=False)
    assert verified.returncode == 0


def test_another_worker_takes_over_only_after_the_lease(asked: Export) -> None:
    Export.objects.update(state=ExportState.RUNNING, lease="x", lease_until=timezone.now() + timedelta(hours=1))
    assert run_due() == 0
    Export.objects.update(state=ExportState.QUEUED)


def test_nothing_is_left_in_the_folder_of_unfinished_volumes(asked: Export) -> None:
    run_due()
    asked.refresh_from_db()
    assert asked.state == ExportState.DONE
    assert not [path for path in folder_of(asked).rglob("*") if path.is_file()]
