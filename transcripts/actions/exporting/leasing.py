"""One worker at a time: whoever holds the lease writes, and a lease that nobody renews is taken over."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from transcripts.actions.exporting.numbering import may_count
from transcripts.models import Export, ExportState

LEASE = timedelta(seconds=60)


class Stopped(Exception):
    """Somebody wished it, or another worker has it now: what is not in a finished volume is given up."""

    def __init__(self, wish: str) -> None:
        super().__init__(wish)
        self.wish = wish


@transaction.atomic
def claim(export: Export) -> str:
    """A new lease, or "" when another worker has it, nothing is to be done, or its numbers have to wait."""
    if not may_count(export):
        return ""
    lease, now = secrets.token_urlsafe(16), timezone.now()
    free = Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=now)
    due = Export.objects.filter(free, pk=export.pk)
    begun = Coalesce(F("started_at"), now)
    taken = due.update(state=ExportState.RUNNING, lease=lease, lease_until=now + LEASE, started_at=begun)
    return lease if taken else ""


def renew(export: Export, lease: str, working_at: int) -> None:
    """Say that the work goes on, and where it is. Raises Stopped if it should not."""
    mine = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, lease=lease)
    if not mine.update(lease_until=timezone.now() + LEASE, working_at=working_at):
        raise Stopped("lost")
    wish = mine.values_list("wish", flat=True).first()
    if wish:
        raise Stopped(wish)


def release(export: Export, lease: str, state: ExportState, **facts: object) -> bool:
    """End the work in this state; false if somebody else has taken over."""
    mine = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, lease=lease)
    return bool(mine.update(state=state, lease="", lease_until=None, wish="", **facts))
