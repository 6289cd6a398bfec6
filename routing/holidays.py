"""What a calendar's days make of opening hours: special days, to be looked at before they are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from routing.calendars import Busy
from routing.hours import Spans
from routing.times import length, write_spans

Minutes = tuple[int, int]


@dataclass(frozen=True)
class Proposal:
    """One special day. `opens` is empty for a day that is closed."""

    date: date
    yearly: bool
    name: str
    opens: str


def propose(days: Iterable[Busy], weekly: Mapping[int, Spans], *, closed: bool) -> list[Proposal]:
    """A special day for each date. All-day events close it.

    Events with times close the hours they cover of the usual ones; with `closed` off they are the hours of that day.
    A yearly day has no weekday, so that its own times are all that is known: it is closed where they were to be taken
    from the usual hours.
    """
    by_date: defaultdict[tuple[date, bool], list[Busy]] = defaultdict(list)
    for busy in days:
        by_date[busy.date, busy.yearly].append(busy)
    return [
        Proposal(when, yearly, _name(busy), _opens(busy, weekly, closed))
        for (when, yearly), busy in sorted(by_date.items())
    ]


def _name(busy: list[Busy]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in busy if one.name))[:80]


def _opens(busy: list[Busy], weekly: Mapping[int, Spans], closed: bool) -> str:
    covered = sorted((one.start, one.end) for one in busy)
    if any(one.all_day for one in busy) or (closed and busy[0].yearly):
        return ""
    if not closed:
        return write_spans(_as_spans(_joined(covered)))
    left = [_minutes(span) for span in weekly.get(busy[0].date.weekday(), ())]
    for hole in covered:
        left = [piece for open_ in left for piece in _without(open_, hole)]
    return write_spans(_as_spans(left))


def _minutes(span: tuple[time, time]) -> Minutes:
    start = span[0].hour * 60 + span[0].minute
    return start, start + length(*span)


def _without(open_: Minutes, hole: Minutes) -> list[Minutes]:
    pieces = [(open_[0], min(open_[1], hole[0])), (max(open_[0], hole[1]), open_[1])]
    return [(start, end) for start, end in pieces if start < end]


def _joined(spans: list[Minutes]) -> list[Minutes]:
    """Sorted intervals, those that touch made one."""
    joined: list[Minutes] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _as_spans(spans: list[Minutes]) -> list[tuple[time, time]]:
    """A piece of the next morning alone, left of a night, belongs to no day and is dropped."""
    return [(_time(start), _time(end)) for start, end in spans if start < 1440]


def _time(minutes: int) -> time:
    return time(*divmod(minutes % 1440, 60))
