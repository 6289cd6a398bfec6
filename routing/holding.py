"""The two steps that every decision is made of, each one conditional UPDATE from the state that was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from routing.models import Group, Outcome, Presence, Request, State


def hold(request: Request, operator: User, now: datetime) -> bool:
    """Make it the operator's; False, with nothing changed, if it is no longer as `request` says."""
    waited = request.waited_seconds
    if waited is None:
        waited = max(0, round((now - request.arrived_at).total_seconds()))
    return _step(request, state=State.ACTIVE, operator=operator, taken_at=now, waited_seconds=waited, given_by=None)


def put_back(request: Request, group: Group, given_by: User | None, now: datetime) -> bool:
    """Make it wait in the group, at the place of its arrival; False if it is no longer as `request` says."""
    return _step(request, state=State.WAITING, operator=None, group=group, waiting_since=now, given_by=given_by)


def finish(request: Request, outcome: Outcome, now: datetime) -> bool:
    return _step(request, state=State.CLOSED, closed_at=now, outcome=outcome)


def touch(people: Iterable[User | None], now: datetime) -> None:
    """They were given a chat, or one of theirs ended: idle from now on."""
    Presence.objects.filter(user_id__in={one.pk for one in people if one}).update(idle_since=now)


def _step(seen: Request, **changes: object) -> bool:
    as_seen = Request.objects.filter(pk=seen.pk, state=seen.state, operator=seen.operator_id, group=seen.group_id)
    if not as_seen.update(**changes):
        return False
    for name, value in changes.items():
        setattr(seen, name, value)
    return True
