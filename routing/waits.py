from __future__ import annotations

from datetime import timedelta
from statistics import median

from django.db.models.functions import Now

from routing.models import Request
from routing.querysets import candidates, waiting

SERVED = 20
LATELY = timedelta(days=7)
UNKNOWN = 60


def positions(group_id: int) -> dict[int, int]:
    """The place of every request that waits in the group, by its id; 1 for the next."""
    return {pk: place for place, pk in enumerate(waiting([group_id]).values_list("pk", flat=True), start=1)}


def queue_length(group_id: int) -> int:
    """How many wait in the group."""
    return waiting([group_id]).order_by().count()


def expected_wait(group_id: int) -> int | None:
    """As `usual_wait`; None when nobody is here and available: then no number would be honest."""
    return usual_wait(group_id) if candidates([group_id], Now()).get(group_id) else None


def usual_wait(group_id: int) -> int:
    """Seconds: the median of the last 20 people served within 7 days, or 60 if there were none."""
    served = Request.objects.filter(group_id=group_id, taken_at__gt=Now() - LATELY, waited_seconds__isnull=False)
    last = served.order_by("-taken_at").values_list("waited_seconds", flat=True)[:SERVED]
    known = [seconds for seconds in last if seconds is not None]
    return round(median(known)) if known else UNKNOWN
