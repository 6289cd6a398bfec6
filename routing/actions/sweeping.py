"""What time alone brings about, found by looking: run every few seconds, and safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Q, QuerySet

from accounts.models import User
from routing import signals
from routing.actions.presence import requeue, tell
from routing.availability import group_states
from routing.holding import move_on, put_back
from routing.locks import deciding
from routing.models import Group, Presence, Request, State
from routing.querysets import may_answer

HERE = ("online", "busy")
AT_ONCE = 100  # chats that overflow in one sweep, so that nobody waits long for its end; the next takes the rest


def sweep() -> list[Request]:
    """Put back the chats of whose lease ended or who may answer no more, then assign in every group; what went back.

    Before that, offers that nobody accepted in time and people who waited too long go on. It also finds whatever
    pauses, opening hours, a lost trigger or a change of settings left waiting.
    """
    with deciding() as now:
        gone = Presence.objects.filter(is_here=True, lease_until__lte=now)
        user_ids = list(gone.values_list("user_id", flat=True))
        gone.update(is_here=False)
        tell(user_ids)
        changed = [*_pass_on(now), *_overflow(now)]
        if changed:
            signals.queue_changed.send(Request, group_ids=frozenset(changed))
        absent = Q(operator__presence__isnull=True) | Q(operator__presence__lease_until__lte=now)
        unable = ~Q(operator__in=User.objects.filter(may_answer()))  # of another user type since, or it was changed
        return requeue(absent | unable, None, now)


def _pass_on(now: datetime) -> list[int]:
    """Offers whose time is over wait again, for somebody else; the groups whose queues changed."""
    late = _rows().filter(accept_by__lte=now, state=State.ACTIVE).order_by("accept_by")
    changed = []
    for request in late:
        operator = request.operator
        passed_by = [*request.passed_by, request.operator_id]
        if operator and put_back(request, request.group, None, request.waiting_since, passed_by):
            changed.append(request.group_id)
            signals.request_passed.send(Request, request=request, operator=operator)
    return changed


def _overflow(now: datetime) -> list[int]:
    """Who waited too long in a group goes on to another where somebody is; the groups whose queues changed."""
    spilling = Group.objects.filter(overflow_group__isnull=False, requests__state=State.WAITING).distinct()
    due = [Q(group=group, waiting_since__lte=now - timedelta(seconds=group.overflow_seconds)) for group in spilling]
    if not due:
        return []
    chain = Chain.of_today()
    late = _rows().filter(reduce(or_, due), state=State.WAITING).order_by("arrived_at", "pk")
    moving = ((request, target) for request in late if (target := chain.next_for(request)))
    return [group_id for request, target in islice(moving, AT_ONCE) for group_id in _let_overflow(request, target, now)]


def _let_overflow(request: Request, target: Group, now: datetime) -> list[int]:
    left = request.group
    if not move_on(request, target, now):
        return []
    signals.request_overflowed.send(Request, request=request, group=target, left=left)
    return [left.pk, target.pk]


@dataclass(frozen=True)
class Chain:
    """Which group overflows to which, and where somebody is, looked up once for all who wait."""

    groups: dict[int, Group]
    staffed: frozenset[int]

    @classmethod
    def of_today(cls) -> Chain:
        groups = {group.pk: group for group in Group.objects.filter(is_active=True)}
        states = group_states(list(groups.values()))
        return cls(groups, frozenset(pk for pk, state in states.items() if state in HERE))

    def next_for(self, request: Request) -> Group | None:
        """The first group down the chain that is open and has somebody there; never one that it has waited in."""
        seen = {*request.overflowed_from, request.group_id}
        number = request.group.overflow_group_id
        while number is not None and number not in seen and number in self.groups:
            if number in self.staffed:
                return self.groups[number]
            seen.add(number)
            number = self.groups[number].overflow_group_id
        return None


def _rows() -> QuerySet[Request]:
    return Request.objects.select_related("group", "operator")
