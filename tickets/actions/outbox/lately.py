"""Which conversations are looked at every few seconds: those that go on, and those that ended a while ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

LATELY = timedelta(days=1)
GATHER = timedelta(seconds=8)  # a text and the files that follow it are one mail


def lately(now: datetime, prefix: str = "") -> Q:
    """Both in one condition, where the rows are few."""
    goes_on, ended = halves(now, prefix)
    return goes_on | ended


def halves(now: datetime, prefix: str = "") -> tuple[Q, Q]:
    """Two conditions on conversations (`prefix`: the way to them), each answered by an index; joined, by none."""
    ended = {f"{prefix}request__closed_at__gt": now - LATELY, f"{prefix}closed_at__isnull": False}
    return Q(**{f"{prefix}closed_at": None}), Q(**ended)
