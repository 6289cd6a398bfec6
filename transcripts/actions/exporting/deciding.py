"""What people decide about an export: yes or no to a large one, hold on, go on, stop, and that it has arrived.

Each is one conditional UPDATE, so that of two people who decide at once one is told that it was decided already.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from transcripts.actions.exporting.asking import NotPossible
from transcripts.actions.exporting.trail import trail
from transcripts.models import Export, ExportState
from transcripts.models.export import FINISHED

RUNS = (ExportState.SELECTING, ExportState.QUEUED, ExportState.RUNNING)


@transaction.atomic
def approve(export: Export, by: User) -> None:
    """A second person lets a large export begin. Raises NotPossible for who asked for it, and if nothing waits."""
    _decide(export, by, ExportState.QUEUED)
    trail("approve", export, by, conversations=export.conversations)


@transaction.atomic
def refuse(export: Export, by: User, reason: str) -> None:
    """A second person says no. Raises NotPossible for who asked for it (they cancel), and if nothing waits."""
    _decide(export, by, ExportState.REFUSED)
    trail("refuse", export, by, reason=reason)


def _decide(export: Export, by: User, state: ExportState) -> None:
    if export.requested_by_id == by.pk:
        raise NotPossible(_("Somebody else has to decide this: you asked for it yourself."))
    waiting = _as(export, ExportState.WAITING).exclude(requested_by=by)
    _change(waiting.update(state=state, decided_by=by, decided_at=timezone.now()))


@transaction.atomic
def pause(export: Export, by: User) -> None:
    """It stops after the volume that is being written is given up; finished ones stay. Raises NotPossible."""
    if not _as(export, ExportState.QUEUED).update(state=ExportState.PAUSED):
        _change(_as(export, ExportState.RUNNING).update(wish="pause"))
    trail("pause", export, by)


@transaction.atomic
def resume(export: Export, by: User) -> None:
    """On from the last finished volume, also after an error. Raises NotPossible if it is not held up."""
    changed = _as(export, ExportState.PAUSED, ExportState.FAILED).update(state=ExportState.QUEUED, wish="", failure="")
    if not changed:
        changed = _as(export, ExportState.RUNNING).filter(wish="pause").update(wish="")
    _change(changed)
    trail("resume", export, by)


@transaction.atomic
def cancel(export: Export, by: User) -> None:
    """For good; what was written is removed by the sweep. Raises NotPossible if it has ended already."""
    still = (ExportState.WAITING, ExportState.PAUSED, ExportState.QUEUED, ExportState.FAILED, ExportState.SELECTING)
    if not _as(export, *still).update(state=ExportState.CANCELLED):
        _change(_as(export, ExportState.RUNNING).update(wish="cancel"))
    trail("cancel", export, by)


@transaction.atomic
def acknowledge(export: Export, by: User | None, manifest_sha256: str) -> None:
    """Its receiver has it whole: the hash is that of the last volume's manifest. Raises NotPossible for another.

    From now on an export of only what is new leaves this out, and retention may count on it.
    """
    given = manifest_sha256.strip().lower()
    if not export.manifest_sha256 or given != export.manifest_sha256:
        raise NotPossible(_("That is not the SHA-256 of this export's last manifest."))
    finished = _as(export, *FINISHED, ExportState.EXPIRED).filter(acknowledged_at=None)
    _change(finished.update(acknowledged_at=timezone.now()))
    trail("acknowledge", export, by, manifest=given)


def _as(export: Export, *states: ExportState) -> QuerySet[Export]:
    return Export.objects.filter(pk=export.pk, state__in=states)


def _change(changed: int) -> None:
    if not changed:
        raise NotPossible(_("This export has moved on meanwhile. Please look again."))
