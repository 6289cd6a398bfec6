"""The alarm: an open group in which nobody has been there for some minutes tells an address, once, and once the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from routing.availability import GroupState, group_states
from routing.locks import deciding
from routing.models import Absence, AbsenceMail, Group


def watch() -> int:
    """Note absences that began, lasted too long or ended; how many mails became due.

    Safe to repeat, and without a lock while there is nothing to watch.
    """
    if not _watched(Absence.objects.filter(ended_at=None).values_list("group_id", flat=True)).exists():
        return 0
    with deciding() as now:
        open_ones = {absence.group_id: absence for absence in Absence.objects.filter(ended_at=None)}
        groups = {group.pk: group for group in _watched(open_ones)}
        states = group_states(list(groups.values()))
        return sum(_look_at(group, states[key], open_ones.get(key), now) for key, group in groups.items())


def _watched(open_ones: Iterable[int]) -> QuerySet[Group]:
    """Whose alarm is set, and those whose absence has yet to be ended."""
    alarmed = Q(is_active=True, alarm_minutes__gt=0) & ~Q(alarm_address="")
    return Group.objects.filter(alarmed | Q(pk__in=open_ones))


def _look_at(group: Group, state: GroupState, absence: Absence | None, now: datetime) -> int:
    is_set = group.is_active and group.alarm_minutes > 0 and group.alarm_address
    if state == "offline" and is_set:
        absence = absence or Absence.objects.create(group=group, began_at=now)
        return _tell(absence, group, now)
    return _end(absence, group, now, back=state in ("online", "busy")) if absence else 0


def _tell(absence: Absence, group: Group, now: datetime) -> int:
    if absence.told_at is not None or now < absence.began_at + timedelta(minutes=group.alarm_minutes):
        return 0
    Absence.objects.filter(pk=absence.pk).update(told_at=now)
    AbsenceMail.objects.create(absence=absence, kind=AbsenceMail.Kind.ABSENT, address=group.alarm_address, due_at=now)
    return 1


def _end(absence: Absence, group: Group, now: datetime, *, back: bool) -> int:
    """Who was told of an absence hears that somebody is back; that a group closed, its hours say."""
    Absence.objects.filter(pk=absence.pk).update(ended_at=now)
    if absence.told_at is None or not back or not group.alarm_address:
        return 0
    AbsenceMail.objects.create(absence=absence, kind=AbsenceMail.Kind.BACK, address=group.alarm_address, due_at=now)
    return 1
