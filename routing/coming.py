"""The special days that come next, in words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from routing.models import Hours, SpecialDay
from routing.times import write_spans

SHOWN = 6
YEARS = 9  # so that 29 February is found, also over a century's year without it


def coming_days(hours: Hours, now: datetime) -> list[str]:
    """The next special days from today on, one a line: when, its name, and when it is open."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    dated = [(when, day) for day in hours.special_days.all() if (when := next_date(day, today)) is not None]
    return [_line(when, day) for when, day in sorted(dated, key=lambda pair: (pair[0], pair[1].yearly))[:SHOWN]]


def next_date(day: SpecialDay, today: date) -> date | None:
    """When it comes next, `today` included; None for a date that is past."""
    if not day.yearly:
        return day.date if day.date >= today else None
    for year in range(today.year, today.year + YEARS):
        try:
            when = day.date.replace(year=year)
        except ValueError:  # 29 February
            continue
        if when >= today:
            return when
    return None


def _line(when: date, day: SpecialDay) -> str:
    opens = write_spans(day.spans) or _("closed")
    return " · ".join(part for part in (date_format(when, "D j M Y"), day.name, opens) if part)
