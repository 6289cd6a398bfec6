"""The steps that every decision is made of, each one conditional UPDATE from the state that was seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, Value, When

from accounts.models import User
from routing.board import ONE_LATER
from routing.models import Group, Outcome, Presence, Request, State


def hold(request: Request, operator: User, now: datetime, *, offered: bool = False) -> bool:
    """Make it the operator's; False, with nothing changed, if it is no longer as `request` says.

    `offered`: not for good, but until the group's time to accept is over.
    """
    passed_by = [] if operator.pk in request.passed_by else request.passed_by
    facts = {"state": State.ACTIVE, "operator": operator, "given_by": None, "passed_by": passed_by}
    if offered:
        return _step(request, **facts, accept_by=now + timedelta(seconds=request.group.accept_seconds))
    return _step(request, **facts, accept_by=None, taken_at=now, waited_seconds=_waited(request, now))


def keep(request: Request, now: datetime) -> bool:
    """What was offered is accepted."""
    return _step(request, accept_by=None, passed_by=[], taken_at=now, waited_seconds=_waited(request, now))


def put_back(
    request: Request, group: Group, given_by: User | None, since: datetime, passed_by: Sequence[int] = ()
) -> bool:
    """Make it wait in the group, at the place of its arrival; False if it is no longer as `request` says."""
    facts = {"state": State.WAITING, "operator": None, "group": group, "waiting_since": since, "given_by": given_by}
    return _step(request, **facts, accept_by=None, passed_by=list(passed_by))


def move_on(request: Request, group: Group, now: datetime) -> bool:
    """Let what waits too long wait in another group, remembering where it came from."""
    before = list(dict.fromkeys([*request.overflowed_from, request.group_id]))  # it may have been sent back by hand
    return _step(request, group=group, waiting_since=now, given_by=None, passed_by=[], overflowed_from=before)


def finish(request: Request, outcome: Outcome, now: datetime) -> bool:
    return _step(request, state=State.CLOSED, closed_at=now, accept_by=None, outcome=outcome)


def touch(people: Iterable[User | None], now: datetime) -> None:
    """One of their chats ended or went away: idle from now on."""
    Presence.objects.filter(user_id__in={one.pk for one in people if one}).update(idle_since=now)


def give_turn(people: Iterable[User | None], now: datetime) -> None:
    """They were given chats, in this order: their turn is over, and they are idle from now on."""
    turns = {one.pk: now + number * ONE_LATER for number, one in enumerate(people) if one}
    if len(turns) > 1:
        each = (When(user_id=user_id, then=Value(at)) for user_id, at in turns.items())
        given_at = Case(*each, output_field=DateTimeField())
        Presence.objects.filter(user_id__in=turns).update(idle_since=now, given_at=given_at)
    elif turns:
        Presence.objects.filter(user_id__in=turns).update(idle_since=now, given_at=now)


def _waited(request: Request, now: datetime) -> int:
    """Seconds before the first answer: those of the first time, if it was answered before."""
    if request.waited_seconds is not None:
        return request.waited_seconds
    return max(0, round((now - request.arrived_at).total_seconds()))


def _step(seen: Request, **changes: object) -> bool:
    as_seen = Request.objects.filter(pk=seen.pk, state=seen.state, operator=seen.operator_id, group=seen.group_id)
    if not as_seen.update(**changes):
        return False
    for name, value in changes.items():
        setattr(seen, name, value)
    return True
