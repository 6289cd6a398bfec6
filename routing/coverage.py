"""Posted hours against the people who may be signed in then: when an open group can have nobody, however diligent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.access import Person
from accounts.clocks import Span, own_zone
from accounts.gate import person_of, with_rules
from accounts.windows import next_opening, open_until
from routing import hours as opening
from routing.hours import Week
from routing.models import Group
from routing.opening import weeks
from routing.querysets import able_members

AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Gap:
    """The group is open, and nobody of it may be signed in. `zone` is that of its hours, without any the desk's own."""

    group: Group
    start: datetime
    end: datetime
    zone: ZoneInfo


def gaps(now: datetime) -> list[Gap]:
    """The gaps of the coming seven days in active groups that have able members at all, soonest first."""
    groups = list(Group.objects.filter(is_active=True).select_related("hours"))
    people, known = _people(groups), weeks({g.hours_id for g in groups if g.hours_id is not None}, now)
    office = ZoneInfo(own_zone())
    found = [
        Gap(group, start, end, week.zone if week else office)
        for group in groups
        if people[group.pk]
        for week in [known.get(group.hours_id) if group.hours_id else None]
        for span in open_spans(week, now)
        for start, end in uncovered(span, people[group.pk])
    ]
    return sorted(found, key=lambda gap: (gap.start, gap.group.name))


def _people(groups: Iterable[Group]) -> dict[int, list[Person]]:
    """By group, the rules of the members who could be given its chats whenever they may be signed in."""
    found: dict[int, list[Person]] = {group.pk: [] for group in groups}
    members = list(able_members().filter(group_id__in=found).select_related("user__user_type"))
    with_rules([member.user for member in members])
    for member in members:
        found[member.group_id].append(person_of(member.user))
    return found


def open_spans(week: Week | None, now: datetime) -> Iterator[Span]:
    """When a group with this week (None: always) is open within the coming seven days."""
    start: datetime | None = now
    while start is not None and start < now + AHEAD:
        start = opening.next_opening(week, start) if week else start
        if start is None or start >= now + AHEAD:
            return
        closes = opening.closes_at(week, start) if week else None
        yield start, min(closes or now + AHEAD, now + AHEAD)
        start = closes


def uncovered(span: Span, people: Sequence[Person]) -> Iterator[Span]:
    """The parts of a span in which nobody of these may be signed in, by their log-in windows alone."""
    at, end = span
    while at < end:
        covered = max((_signed_in_until(person, at, end) for person in people), default=at)
        if covered > at:
            at = covered
            continue
        back = min((_next(person, at) or end for person in people), default=end)
        yield at, min(back, end)
        at = back


def _signed_in_until(person: Person, at: datetime, end: datetime) -> datetime:
    """The end of the window that `at` is in, or `at`."""
    if not person.windows:
        return end
    window = open_until(person.windows, person.zone, at)
    return (window.until or end) if window.is_open else at


def _next(person: Person, at: datetime) -> datetime | None:
    return next_opening(person.windows, person.zone, at)
