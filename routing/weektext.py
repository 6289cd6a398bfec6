"""Opening hours in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from routing.hours import Spans, Week, closes_at, is_open, next_opening
from routing.times import write_spans

SOON = timedelta(days=6)


def week_text(weekly: Mapping[int, Spans]) -> str:
    """A week in a line, days that are alike together: `Mon-Fri 09:00-17:00; Sat 10:00-14:00`; no closed days."""
    alike = [(spans, [day for day, _spans in days]) for spans, days in groupby(_days(weekly), key=lambda day: day[1])]
    return "; ".join(f"{_days_text(days)} {write_spans(spans)}" for spans, days in alike if spans) or _("never open")


def standing(week: Week, now: datetime) -> str:
    """Whether it is open at `now`, and until when, in the week's own time."""
    if is_open(week, now):
        closes = closes_at(week, now)
        return _("open, closes %(time)s") % {"time": _moment(week, closes, now)} if closes else _("open, never closes")
    opens = next_opening(week, now)
    return _("closed, opens %(time)s") % {"time": _moment(week, opens, now)} if opens else _("closed, never opens")


def _days(weekly: Mapping[int, Spans]) -> list[tuple[int, Spans]]:
    return [(day, weekly.get(day, ())) for day in range(7)]


def _days_text(days: list[int]) -> str:
    first, last = str(WEEKDAYS_ABBR[days[0]]), str(WEEKDAYS_ABBR[days[-1]])
    return first if len(days) == 1 else f"{first}-{last}"


def _moment(week: Week, moment: datetime, now: datetime) -> str:
    local = moment.astimezone(week.zone)
    if local.date() == week.today(now):
        return date_format(local, "H:i")
    return date_format(local, "D H:i" if moment - now < SOON else "j M Y H:i")
