"""Which conversations are looked at every few seconds: those that go on, and those that ended a while ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

LATELY = timedelta(days=1)
GATHER = timedelta(seconds=8)  # a text and the files that follow it are one mail


def lately(now: datetime, prefix: str = "") -> Q:
    """A condition on conversations (`prefix`: the way to them) that an index answers."""
    goes_on = {f"{prefix}closed_at": None}
    ended = {f"{prefix}request__closed_at__gt": now - LATELY, f"{prefix}closed_at__isnull": False}
    return Q(**goes_on) | Q(**ended)
