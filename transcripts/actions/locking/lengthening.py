"""A policy may come to keep a conversation longer than its copy was locked for: then the lock is lengthened in time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.locking.places import place_of
from transcripts.actions.retaining.gathering import Standing, all_rules, standings
from transcripts.models import LockedCopy
from transcripts.models.locked_copy import MOST_DAYS

AHEAD = timedelta(days=30)
AGAIN = timedelta(days=1)
AT_ONCE = 200

log = logging.getLogger(__name__)


def lengthen_due() -> int:
    """Look at copies whose lock is over within a month, each once a day; how many were locked for longer."""
    now = timezone.now()
    ending = LockedCopy.objects.filter(state=LockedCopy.State.KEPT, until__lte=now + AHEAD, conversation__isnull=False)
    unseen = ending.filter(Q(looked_at=None) | Q(looked_at__lte=now - AGAIN))
    rows = unseen.select_related("conversation", "bucket").order_by(F("looked_at").asc(nulls_first=True), "pk")
    copies = list(rows[:AT_ONCE])
    if not copies:
        return 0
    found = standings([each.conversation for each in copies if each.conversation], all_rules(), without_holds=True)
    return sum(_look(copy, found.get(copy.conversation_id or 0), now) for copy in copies)


def _look(copy: LockedCopy, standing: Standing | None, now: datetime) -> bool:
    mine = LockedCopy.objects.filter(pk=copy.pk, state=LockedCopy.State.KEPT)
    mine.update(looked_at=now)
    kept = standing.whole.kept_until if standing else None
    if kept is None or copy.until is None or kept <= copy.until + timedelta(seconds=1):
        return False
    until = min(kept, now + timedelta(days=MOST_DAYS)).replace(microsecond=0)
    try:
        place_of(copy.bucket).lengthen(copy.name, copy.mode, until)
    except Trouble as trouble:
        log.warning("Locked copy %s could not be locked for longer: %s", copy.pk, trouble.code)
        mine.update(trouble=trouble.code)
        return False
    return bool(mine.update(until=until, trouble=""))
