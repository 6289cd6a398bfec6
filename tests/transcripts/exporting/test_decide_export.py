"""What people decide about an export: a second person, pause, go on, stop; and that nobody decides for themselves."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from accounts.models import AuditEntry, User
from tests.factories import Cast, make_guest
from tests.transcripts.exporting.archive import exported, parts, records, talked
from transcripts.actions.exporting import deciding, leasing
from transcripts.actions.exporting.asking import NotPossible, Wanted, ask
from transcripts.actions.exporting.leasing import Stopped
from transcripts.actions.exporting.running import run_due
from transcripts.actions.exporting.tidying import tidy
from transcripts.models import Export, ExportRules, ExportState


@pytest.fixture
def strict(db: None) -> None:
    ExportRules.load()
    ExportRules.objects.update(approve_above=1)


def large(cast: Cast, by: User) -> Export:
    talked(cast, "one")
    talked(cast, "two", guest=cast.walt)
    return exported(by)


def test_a_small_export_needs_nobody_else(cast: Cast, cora: User, strict: None) -> None:
    talked(cast, "one")
    assert exported(cora).state == ExportState.DONE


def test_a_large_one_waits_for_a_second_person(cast: Cast, cora: User, carl: User, strict: None) -> None:
    export = large(cast, cora)
    assert (export.state, export.conversations, parts(export)) == (ExportState.WAITING, 2, [])
    deciding.approve(export, carl)
    run_due()
    export.refresh_from_db()
    assert (export.state, export.decided_by) == (ExportState.DONE, carl)


def test_c02_nobody_approves_or_refuses_their_own(cast: Cast, cora: User, strict: None) -> None:
    export = large(cast, cora)
    with pytest.raises(NotPossible):
        deciding.approve(export, cora)
    with pytest.raises(NotPossible):
        deciding.refuse(export, cora, "")
    run_due()
    export.refresh_from_db()
    assert (export.state, export.decided_by, parts(export)) == (ExportState.WAITING, None, [])


def test_what_is_approved_is_what_was_counted(cast: Cast, cora: User, carl: User, strict: None) -> None:
    export = large(cast, cora)
    talked(cast, "came later", guest=make_guest())
    deciding.approve(export, carl)
    run_due()
    assert len({line["frame"]["conversation"] for line in records(export)}) == 2


def test_refused_is_over(cast: Cast, cora: User, carl: User, strict: None) -> None:
    export = large(cast, cora)
    deciding.refuse(export, carl, "not for this matter")
    run_due()
    export.refresh_from_db()
    assert export.state == ExportState.REFUSED


def test_a_queued_export_pauses_and_goes_on(cast: Cast, cora: User) -> None:
    talked(cast, "one")
    export = ask(Wanted(), cora)
    Export.objects.update(state=ExportState.QUEUED)
    deciding.pause(export, cora)
    run_due()
    assert Export.objects.get().state == ExportState.PAUSED
    deciding.resume(export, cora)
    Export.objects.update(state=ExportState.SELECTING)
    run_due()
    assert Export.objects.get().state == ExportState.DONE


def test_a_running_export_hears_what_somebody_wishes(cast: Cast, cora: User) -> None:
    export = ask(Wanted(), cora)
    Export.objects.update(state=ExportState.QUEUED)
    lease = leasing.claim(export)
    deciding.pause(export, cora)
    with pytest.raises(Stopped) as stopped:
        leasing.renew(export, lease, 1)
    assert stopped.value.wish == "pause"
    deciding.resume(export, cora)
    leasing.renew(export, lease, 1)
    deciding.cancel(export, cora)
    with pytest.raises(Stopped) as stopped:
        leasing.renew(export, lease, 1)
    assert stopped.value.wish == "cancel"


def test_a_lease_is_one_workers_alone(cast: Cast, cora: User) -> None:
    export = ask(Wanted(), cora)
    Export.objects.update(state=ExportState.QUEUED)
    lease = leasing.claim(export)
    assert lease
    assert leasing.claim(export) == ""
    Export.objects.update(lease_until=export.requested_at)
    other = leasing.claim(export)
    assert other
    with pytest.raises(Stopped):
        leasing.renew(export, lease, 1)
    assert not leasing.release(export, lease, ExportState.DONE)
    assert leasing.release(export, other, ExportState.DONE)


def test_what_a_cancelled_export_left_goes(cast: Cast, cora: User) -> None:
    talked(cast, "one")
    export = exported(cora)
    [part] = parts(export)
    Export.objects.update(state=ExportState.PAUSED)
    deciding.cancel(export, cora)
    assert tidy() == 1
    assert not default_storage.exists(part.place)
    assert tidy() == 0


def test_volumes_leave_after_their_time_and_the_hash_stays(cast: Cast, cora: User) -> None:
    talked(cast, "one")
    export = exported(cora)
    [part] = parts(export)
    assert tidy() == 0
    Export.objects.update(expires_at=export.requested_at)
    assert tidy() == 1
    export.refresh_from_db()
    assert (export.state, len(export.manifest_sha256)) == (ExportState.EXPIRED, 64)
    assert not default_storage.exists(part.place)


def test_every_step_is_in_the_trail(cast: Cast, cora: User, carl: User, strict: None) -> None:
    export = large(cast, cora)
    deciding.approve(export, carl)
    run_due()
    export.refresh_from_db()
    deciding.acknowledge(export, cora, export.manifest_sha256)
    rows = AuditEntry.objects.filter(object_id=str(export.pk), action__startswith="transcripts.export.").order_by("pk")
    assert [row.action.rpartition(".")[2] for row in rows] == ["ask", "select", "approve", "finish", "acknowledge"]
    assert [row.actor_id for row in rows] == [cora.pk, cora.pk, carl.pk, cora.pk, cora.pk]
