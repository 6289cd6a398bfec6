"""Weekly windows on the clocks of a zone, laid on the line of real time. Pure.

A window is half-open: it holds its start and not its end. What it is in the nights when clocks change, `span_on` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from accounts.clocks import Span, span_on

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` on a weekday (0 is Monday) to `end`, which is on the next day unless it comes after the start."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Open:
    """Whether a window is open, and when it closes (None while open: never)."""

    is_open: bool
    until: datetime | None = None


Windows = tuple[Window, ...]


def open_until(windows: Windows, zone: ZoneInfo, now: datetime) -> Open:
    """Whether `now` is in a window, and when the last of those that follow without a gap ends."""
    for start, end in _joined(windows, zone, now):
        if start <= now < end:
            return Open(True, None if end - now > WEEK else end)
    return Open(False)


def next_opening(windows: Windows, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first start after `now`, of a span that is not open yet."""
    return next((start for start, _end in _joined(windows, zone, now) if start > now), None)


def last_closing(windows: Windows, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The last end that is not after `now`."""
    return max((end for _start, end in _joined(windows, zone, now) if end <= now), default=None)


def _joined(windows: Windows, zone: ZoneInfo, now: datetime) -> tuple[Span, ...]:
    return _around(windows, zone, now.astimezone(zone).date())


@lru_cache(maxsize=512)
def _around(windows: Windows, zone: ZoneInfo, today: date) -> tuple[Span, ...]:
    """The spans of the week before and two weeks ahead, in order; those that touch or overlap as one.

    Two weeks, because a window that a change of the clocks swallows is back only in the week after.
    """
    joined: list[Span] = []
    for start, end in sorted(_spans(windows, zone, today)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _spans(windows: Windows, zone: ZoneInfo, today: date) -> Iterator[Span]:
    for window in windows:
        back = (today.weekday() - window.weekday) % 7
        first = today - timedelta(days=back + 7)
        for day in (first + timedelta(days=7 * week) for week in range(4)):
            if span := span_on(day, window.start, window.end, zone):
                yield span
