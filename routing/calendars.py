"""Calendar files (RFC 5545), read for the days on which opening hours are other than usual.

Nothing in a file is trusted: its size, its events and what its rules repeat are bounded; what can't be read is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from icalendar import Calendar

BYTES = 512 * 1024
EVENTS = 1000
DAYS = 1000  # that may come out of one file
LONGEST = 62  # days of one event
AHEAD = timedelta(days=2 * 366)  # how far a rule that is not yearly is followed
FIRST_YEAR = 1900
SLOW = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
PATIENCE = 10.0  # seconds for one file: a rule that no day fits is followed to the end of time before that is known
ONE = timedelta(days=1)
Event = Any  # the library's own: a mapping of properties


@dataclass(frozen=True, order=True)
class Busy:
    """A day that an event covers, from minute `start` to minute `end` of it: 0 to 1440 for all of it."""

    date: date
    start: int
    end: int
    yearly: bool
    name: str

    @property
    def all_day(self) -> bool:
        return (self.start, self.end) == (0, 1440)


def read_calendar(data: bytes, zone: ZoneInfo, today: date) -> list[Busy]:
    """The days from `today` on that the events of the file cover, in local time of `zone`, in order.

    An event that comes each year is one yearly day; other repetitions are followed two years ahead. Cancelled events
    are left out. Raises ValidationError, in words, for a file that is too large, is no calendar, or asks for too much.
    """
    if len(data) > BYTES:
        raise ValidationError(_("This file is too large: at most %(n)s KB.") % {"n": BYTES // 1024})
    events = _events(data)
    found: set[Busy] = set()
    begun = monotonic()
    for event in events:
        if monotonic() - begun > PATIENCE:
            raise _unreadable(event)
        found.update(_covered(event, zone, today))
        if len(found) > DAYS:
            raise ValidationError(_("This calendar has more than %(n)s days: import a smaller part.") % {"n": DAYS})
    return sorted(found)


def _events(data: bytes) -> list[Event]:
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except Exception as error:  # the library raises whatever its parts raise
        raise ValidationError(_("This is no calendar file (iCalendar, .ics) that can be read.")) from error
    if not calendars or not events:
        raise ValidationError(_("There is no event in this file."))
    if len(events) > EVENTS:
        raise ValidationError(_("This calendar has more than %(n)s events.") % {"n": EVENTS})
    return [event for event in events if str(event.get("STATUS", "")).upper() != "CANCELLED"]


def _covered(event: Event, zone: ZoneInfo, today: date) -> Iterator[Busy]:
    name = _name(event)
    try:
        start, end = _times(event, zone)
        yearly = is_yearly(event)
        starts = [start] if yearly else list(_starts(event, start, end - start, zone, today))
    except ValidationError:
        raise
    except Exception as error:  # as above
        raise _unreadable(event) from error
    for each in starts:
        for busy in _days(each, each + (end - start), name, yearly=yearly):
            if yearly or busy.date >= today:
                yield busy


def _name(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:80]


def _unreadable(event: Event) -> ValidationError:
    return ValidationError(_("The event “%(name)s” can't be read.") % {"name": _name(event)})


def _times(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When it begins and ends, on the clock of `zone`. Without an end: that day, or no time (RFC 5545, 3.6.1)."""
    begins = event["DTSTART"].dt
    start = _wall(begins, zone)
    if "DTEND" in event:
        end = _wall(event["DTEND"].dt, zone)
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        end = start if isinstance(begins, datetime) else start + ONE
    if start.year < FIRST_YEAR or not start <= end <= start + LONGEST * ONE:
        raise ValueError("no time that can be used")
    return start, end


def _wall(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(0))
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def is_yearly(event: Event) -> bool:
    """Each year on the same date, for ever: the one rule that opening hours know themselves."""
    rule = event.get("RRULE")
    if not rule or isinstance(rule, list):
        return False
    usual = {"FREQ": ["YEARLY"], "INTERVAL": [1], "BYMONTH": [_start_date(event).month]}
    usual["BYMONTHDAY"] = [_start_date(event).day]
    plain = all(key == "WKST" or [*rule[key]] == usual.get(key) for key in rule)
    return plain and "YEARLY" in rule.get("FREQ", []) and "EXDATE" not in event


def _start_date(event: Event) -> date:
    begins: date = event["DTSTART"].dt
    return begins


def _starts(event: Event, start: datetime, lasts: timedelta, zone: ZoneInfo, today: date) -> Iterable[datetime]:
    rules = event.get("RRULE")
    if not rules:
        return [start]
    out = {_wall(each.dt, zone) for each in _listed(event.get("EXDATE"))}
    first = datetime.combine(today, time(0)) - lasts
    repeated = {each for rule in _as_list(rules) for each in _repeated(rule, start, first, zone)}
    return sorted(repeated - out)


def _repeated(rule: Any, start: datetime, first: datetime, zone: ZoneInfo) -> Iterable[datetime]:
    if not set(rule.get("FREQ", [])) <= set(SLOW) or any(len(rule.get(part, [])) > 1 for part in WITHIN_A_DAY):
        raise ValidationError(_("This calendar repeats something every hour or more often."))
    if any(steps < 1 for steps in rule.get("INTERVAL", [])):
        raise ValueError("a rule that never moves on")  # it would be followed for ever
    facts = rule.copy()
    if "UNTIL" in facts:  # the clock of the zone, as the start is
        facts["UNTIL"] = [_wall(until, zone) for until in _as_list(facts["UNTIL"])]
    text = facts.to_ical().decode()
    found: list[datetime] = []
    for each in rrulestr(text, dtstart=start).xafter(first, inc=True):
        if each > first + AHEAD or len(found) > DAYS:
            break
        found.append(each)
    return found


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _listed(value: Any) -> Iterator[Any]:
    for each in _as_list(value) if value else []:
        yield from each.dts


def _days(start: datetime, end: datetime, name: str, *, yearly: bool) -> Iterator[Busy]:
    day = start.date()
    while datetime.combine(day, time(0)) < end:
        midnight = datetime.combine(day, time(0))
        from_ = max(0, int((start - midnight).total_seconds() // 60))
        until = min(1440, -int((midnight - end).total_seconds() // 60))
        if from_ < until:
            yield Busy(day, from_, until, yearly, name)
        day += ONE
