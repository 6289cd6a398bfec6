"""A slow and simple model of weekly windows: it looks at a clock on the wall, minute after minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from accounts.windows import Window

MINUTE = timedelta(minutes=1)


@cache
def minutes_of(day: date, zone: str) -> tuple[tuple[datetime, int], ...]:
    """Every minute of real time that a clock there shows on this day, with the minute of the day that it shows."""
    here = ZoneInfo(zone)
    first = datetime.combine(day - timedelta(days=1), time(), UTC)
    moments = (first + number * MINUTE for number in range(3 * 24 * 60))
    shown = ((moment, moment.astimezone(here)) for moment in moments)
    return tuple((moment, wall.hour * 60 + wall.minute) for moment, wall in shown if wall.date() == day)


@cache
def shown_at(day: date, minute: int, zone: str) -> tuple[datetime, datetime]:
    """The first and the last moment at which the clock shows this; where it jumps over it, as much later."""
    exactly = [moment for moment, wall in minutes_of(day, zone) if wall == minute]
    if exactly:
        return exactly[0], exactly[-1]
    before, wall = max((pair for pair in minutes_of(day, zone) if pair[1] < minute), key=lambda pair: pair[1])
    later = before + (minute - wall) * MINUTE
    return later, later


@cache
def span_of(window: Window, day: date, zone: str) -> tuple[datetime, datetime]:
    last = day if window.end > window.start else day + timedelta(days=1)
    start = shown_at(day, window.start.hour * 60 + window.start.minute, zone)[0]
    return start, shown_at(last, window.end.hour * 60 + window.end.minute, zone)[1]


def in_a_window(windows: tuple[Window, ...], zone: str, now: datetime) -> bool:
    """Whether any window of the days around holds this moment."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today + timedelta(days=number) for number in (-2, -1, 0, 1)]
    spans = (span_of(window, day, zone) for day in days for window in windows if window.weekday == day.weekday())
    return any(start <= now < end for start, end in spans)
