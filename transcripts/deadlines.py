"""By when a request has to be answered. Pure: days of the calendar in the zone of the desk.

GDPR, Art. 12(3): one month from receipt, two further ones where it is needed. Counted as Regulation 1182/71 does,
Art. 3(2)(c): to the day of the same number, or to the last day of a month that has none. A weekend or a holiday at its
end makes it no longer here, although Art. 3(4) would: which days those are differs from place to place.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = 1
MONTHS_LONGER = 2
WARNINGS = (10, 3, 0, -1)  # so many days before it is due; the last: it is over


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day on which something arrived, as the desk counts days. `moment`: aware."""
    return moment.astimezone(zone).date()


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months later, or the last one of that month. Raises OverflowError."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    if year > date.max.year:
        raise OverflowError(year)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_on(received: date, *, is_extended: bool = False) -> date:
    """The last day on which the answer is in time."""
    return months_later(received, MONTHS + MONTHS_LONGER * is_extended)


def ends(due: date, zone: ZoneInfo) -> datetime:
    """The first moment that is too late: the midnight after the day, by the clocks of the zone."""
    return datetime.combine(due + timedelta(days=1), time.min, tzinfo=zone)


def days_left(due: date, today: date) -> int:
    """0 on the last day, negative afterwards."""
    return (due - today).days


def warnings_passed(due: date, today: date) -> int:
    """How many of WARNINGS are behind us."""
    left = days_left(due, today)
    return sum(left <= each for each in WARNINGS)
