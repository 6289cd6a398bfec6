"""Opening hours of groups, as the rows say them: asked anew each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from routing import hours as pure
from routing.hours import LOOK_AHEAD, Spans, Week
from routing.models import Group, Hours, Interval, SpecialDay
from routing.times import Span

Yearly = dict[tuple[int, int], Spans]
Once = dict[date, Spans]


def is_open(group: Group, now: datetime | None = None) -> bool:
    """Whether the group takes chats at `now` (aware; the present): always, if it has no hours."""
    return group.pk in open_groups([group], now)


def open_groups(groups: Iterable[Group], now: datetime | None = None) -> set[int]:
    """Those of the groups that are open, by number."""
    moment, asked = now or timezone.now(), list(groups)
    known = weeks(_hours_of(asked), moment)
    return {group.pk for group in asked if group.hours_id is None or pure.is_open(known[group.hours_id], moment)}


def openings(groups: Iterable[Group], now: datetime | None = None) -> dict[int, datetime | None]:
    """When those of the groups open that are closed by their hours; None where no opening is known."""
    moment = now or timezone.now()
    timed = [(group.pk, group.hours_id) for group in groups if group.hours_id is not None]
    known = weeks({hours_id for _, hours_id in timed}, moment)
    closed = [(pk, known[hours_id]) for pk, hours_id in timed if not pure.is_open(known[hours_id], moment)]
    return {pk: pure.next_opening(week, moment) for pk, week in closed}


def next_opening(groups: Iterable[Group], now: datetime | None = None) -> datetime | None:
    """When the first of the groups opens (aware); `now` if one is open; None if none does within 400 days."""
    moment, asked = now or timezone.now(), list(groups)
    if any(group.hours_id is None for group in asked):
        return moment
    return _first(pure.next_opening(week, moment) for week in weeks(_hours_of(asked), moment).values())


def next_change(groups: Iterable[Group], now: datetime | None = None) -> datetime | None:
    """When the first of the groups next opens or closes: what a timer waits for. None if none does."""
    moment = now or timezone.now()
    return _first(pure.next_change(week, moment) for week in weeks(_hours_of(groups), moment).values())


def weeks(hours_ids: Collection[int], now: datetime) -> dict[int, Week]:
    """The weeks of these opening hours, with the special days that an answer at `now` can need."""
    if not hours_ids:
        return {}
    weekly, (once, yearly) = _weekly(hours_ids), _special(hours_ids, now)
    zones = Hours.objects.filter(pk__in=hours_ids).order_by().values_list("pk", "zone")
    return {pk: Week(ZoneInfo(zone), weekly[pk], yearly[pk], once[pk]) for pk, zone in zones}


def _weekly(hours_ids: Collection[int]) -> dict[int, dict[int, Spans]]:
    found: defaultdict[int, dict[int, Spans]] = defaultdict(dict)
    rows = Interval.objects.filter(hours_id__in=hours_ids).order_by("weekday", "start")
    for pk, weekday, start, end in rows.values_list("hours_id", "weekday", "start", "end"):
        span: Span = (start, end)
        found[pk][weekday] = (*found[pk].get(weekday, ()), span)
    return found


def _special(hours_ids: Collection[int], now: datetime) -> tuple[dict[int, Once], dict[int, Yearly]]:
    once: defaultdict[int, Once] = defaultdict(dict)
    yearly: defaultdict[int, Yearly] = defaultdict(dict)
    first = now.date() - timedelta(days=3)  # the eve, whatever the zone, may still be open past midnight
    matters = Q(yearly=True) | Q(date__range=(first, first + timedelta(days=LOOK_AHEAD + 6)))
    for day in SpecialDay.objects.filter(matters, hours_id__in=hours_ids).order_by():
        spans = tuple(day.spans)
        if day.yearly:
            yearly[day.hours_id][day.date.month, day.date.day] = spans
        else:
            once[day.hours_id][day.date] = spans
    return once, yearly


def _hours_of(groups: Iterable[Group]) -> set[int]:
    return {group.hours_id for group in groups if group.hours_id is not None}


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
