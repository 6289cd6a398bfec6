"""The database's clock, and whether to believe it: one that jumps ahead would destroy what has years to stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from transcripts.actions.retaining.telling import tell
from transcripts.models import RetentionClock

MOST_AHEAD = timedelta(days=1)
THE_ONE = 1


class ClockJumped(Exception):
    """The clock is more than a day ahead of when the job last looked at it: `seen` and `now`."""

    def __init__(self, seen: datetime, now: datetime) -> None:
        super().__init__(f"the clock was at {seen:%Y-%m-%d %H:%M} and now says {now:%Y-%m-%d %H:%M}")
        self.seen, self.now = seen, now


def database_now() -> datetime:
    """The time of the database server, in UTC: the same for all processes of the desk."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found.astimezone(UTC)


def check(now: datetime) -> None:
    """Note that the job looked at the clock. Raises ClockJumped, having told the compliance people once.

    A desk that stood still for more than a day is stopped as well: nobody can tell the two apart but a person. If the
    clock comes back by itself, the job goes on.
    """
    with transaction.atomic():
        clock = _clock(now)
        has_jumped = now - clock.seen_at > MOST_AHEAD
        if has_jumped and clock.stopped_at is None:
            _stop(clock, now)
        elif not has_jumped:
            RetentionClock.objects.filter(pk=THE_ONE).update(
                seen_at=max(now, clock.seen_at), stopped_at=None, jumped_to=None
            )
    if has_jumped:
        raise ClockJumped(clock.seen_at, now)


def stopped() -> RetentionClock | None:
    """The clock as it is when the job does not believe it, else None."""
    return RetentionClock.objects.filter(pk=THE_ONE, stopped_at__isnull=False).first()


@transaction.atomic
def believe(user: User, now: datetime | None = None) -> None:
    """A person looked: the clock is right, and the job goes on from here."""
    clock, now = stopped(), now or database_now()
    if clock is None:
        return
    seen = clock.seen_at
    RetentionClock.objects.filter(pk=THE_ONE).update(seen_at=now, stopped_at=None, jumped_to=None)
    record("retention.clock", actor=user, before={"clock": seen}, after={"clock": now})


def _clock(now: datetime) -> RetentionClock:
    found = RetentionClock.objects.select_for_update().filter(pk=THE_ONE).first()
    return found or RetentionClock.objects.get_or_create(pk=THE_ONE, defaults={"seen_at": now})[0]


def _stop(clock: RetentionClock, now: datetime) -> None:
    RetentionClock.objects.filter(pk=THE_ONE).update(stopped_at=now, jumped_to=now)
    tell("clock", {"seen": clock.seen_at, "now": now})
