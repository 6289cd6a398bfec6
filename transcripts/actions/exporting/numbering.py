"""Bates numbers: continuous across the volumes and the exports of a matter, so one export counts at a time."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, QuerySet

from transcripts.models import Export, ExportState, Matter

COUNTING = (ExportState.RUNNING, ExportState.PAUSED, ExportState.FAILED)


@transaction.atomic
def may_count(export: Export) -> bool:
    """Whether it may begin: no other of its matter and prefix is half counted. It then goes on from their last number.

    An export without a prefix numbers for itself, and one that has begun keeps what it has.
    """
    if not export.bates_prefix or export.started_at is not None:
        return True
    if export.matter_id:
        Matter.objects.select_for_update().get(pk=export.matter_id)
    if _others(export).filter(state__in=COUNTING, started_at__isnull=False).exists():
        return False
    last: dict[str, int | None] = _others(export).aggregate(next=Max("bates_next"))
    Export.objects.filter(pk=export.pk).update(bates_next=last["next"] or 1)
    export.bates_next = last["next"] or 1
    return True


def _others(export: Export) -> QuerySet[Export]:
    same = Export.objects.filter(matter=export.matter, bates_prefix=export.bates_prefix)
    return same.exclude(pk=export.pk)
