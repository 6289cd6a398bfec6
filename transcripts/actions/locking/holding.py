"""A legal hold of the desk is one of the storage as well, on each copy that can still be read."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.locking.places import place_of
from transcripts.models import HoldMatch, LockedCopy

State = LockedCopy.State
AT_ONCE = 500
RETRY = timedelta(minutes=10)

log = logging.getLogger(__name__)


def is_held(conversation_id: int) -> bool:
    return HoldMatch.objects.filter(conversation=conversation_id, hold__released_at=None).exists()


def follow() -> int:
    """Tell the storage of every hold that came or went; how many copies changed. What fails is tried again."""
    held = Exists(HoldMatch.objects.filter(conversation=OuterRef("conversation_id"), hold__released_at=None))
    due = LockedCopy.objects.filter(due_at__lte=timezone.now()).select_related("bucket").order_by("pk")
    to_hold = due.filter(held, state=State.KEPT, is_held=False)
    to_let_go = due.filter(~held, state__in=(State.KEPT, State.SHREDDED), is_held=True)
    return sum(_tell(copy, on=True) for copy in to_hold[:AT_ONCE]) + sum(
        _tell(copy, on=False) for copy in to_let_go[:AT_ONCE]
    )


def _tell(copy: LockedCopy, *, on: bool) -> bool:
    mine = LockedCopy.objects.filter(pk=copy.pk)
    try:
        place_of(copy.bucket).hold(copy.name, on=on)
    except Trouble as trouble:
        log.warning("Locked copy %s: its legal hold could not be set: %s", copy.pk, trouble.code)
        mine.update(trouble=trouble.code, due_at=timezone.now() + RETRY)
        return False
    return bool(mine.update(is_held=on, trouble=""))
