"""What nobody can read any more is deleted as soon as its lock lets go, and that is proved by listing versions."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.locking.places import place_of
from transcripts.models import LockedCopy

State = LockedCopy.State
AT_ONCE = 200
RETRY = timedelta(days=1)

log = logging.getLogger(__name__)


def remove_due() -> int:
    """Delete shredded copies whose time of locking is over, every version; how many are gone."""
    now = timezone.now()
    over = Q(until__lte=now) | Q(until=None)
    due = LockedCopy.objects.filter(over, state=State.SHREDDED, is_held=False, due_at__lte=now).order_by("until", "pk")
    return sum(_remove(copy) for copy in due.select_related("bucket")[:AT_ONCE])


def _remove(copy: LockedCopy) -> bool:
    mine = LockedCopy.objects.filter(pk=copy.pk, state=State.SHREDDED)
    try:
        place_of(copy.bucket).vanish(copy.name)
    except (Trouble, OSError) as error:
        code = error.code if isinstance(error, Trouble) else type(error).__name__
        log.warning("Locked copy %s could not be deleted: %s", copy.pk, code)
        mine.update(trouble=code, due_at=timezone.now() + RETRY)
        return False
    return bool(mine.update(state=State.GONE, trouble="", ended_at=timezone.now()))
