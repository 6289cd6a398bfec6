"""When is it open? Pure: a week and a moment in, an answer out. Nothing is ever stored from it.

Moments are answered in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.clocks import span_on
from routing.times import Span

Spans = tuple[Span, ...]

LOOK_AHEAD = 400  # days: more than a year, so that a day that comes once a year is found
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """Opening hours, in the local time of `zone`.

    `weekly` by weekday (Monday is 0), `yearly` by (month, day), `once` by date; what is more special wins, and an empty
    tuple is a closed day. An interval belongs to the day on which it begins, also past midnight.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Spans] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], Spans] = field(default_factory=dict)
    once: Mapping[date, Spans] = field(default_factory=dict)

    def on(self, day: date) -> Spans:
        """The intervals that begin on that day."""
        if day in self.once:
            return self.once[day]
        if (day.month, day.day) in self.yearly:
            return self.yearly[day.month, day.day]
        return self.weekly.get(day.weekday(), ())

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


def is_open(week: Week, now: datetime) -> bool:
    """Whether it is open at `now` (aware); the minute of closing is closed."""
    return _end_of_opening(week, now) is not None


def closes_at(week: Week, now: datetime) -> datetime | None:
    """When the present opening ends; None when it is closed, or does not close within 400 days."""
    end, last = _end_of_opening(week, now), now.astimezone(UTC) + LOOK_AHEAD * DAY
    while end is not None and end <= last:
        longer = _end_of_opening(week, end)
        if longer is None:
            return end
        end = longer
    return None


def next_opening(week: Week, now: datetime) -> datetime | None:
    """`now` if it is open, else when it opens; None when it does not within 400 days."""
    if is_open(week, now):
        return now.astimezone(UTC)
    for number in range(LOOK_AHEAD + 1):
        starts = [start for start, _ in _openings(week, week.today(now) + number * DAY) if start >= now]
        if starts:
            return min(starts)
    return None


def next_change(week: Week, now: datetime) -> datetime | None:
    """When it next opens or closes; None when it does neither within 400 days."""
    return closes_at(week, now) if is_open(week, now) else next_opening(week, now)


def _end_of_opening(week: Week, now: datetime) -> datetime | None:
    """The latest end of the intervals that `now` is in."""
    today = week.today(now)
    near = [*_openings(week, today - DAY), *_openings(week, today)]
    return max((end for start, end in near if start <= now < end), default=None)


def _openings(week: Week, day: date) -> Iterator[tuple[datetime, datetime]]:
    for start, end in week.on(day):
        if span := span_on(day, start, end, week.zone):
            yield span
