from __future__ import annotations

from collections.abc import Callable

from accounts.rows import stored
from routing import signals
from routing.assigner import settle
from routing.errors import QueueFull, Unavailable
from routing.holding import finish, touch
from routing.locks import deciding
from routing.models import Group, Outcome, Request, State
from routing.querysets import full_queues, groups_of


def enqueue(group: Group, link: Callable[[Request], object] | None = None, *, language: str = "") -> Request:
    """A new request at the end of the group's queue, given to somebody at once if a place is free.

    `link` is called with it before anybody can be given it: the place to store what belongs to it. `language` is that
    of the visitor's page, such as de. Raises Unavailable for a group that is switched off, QueueFull.
    """
    with deciding() as now:
        today = Group.objects.filter(pk=group.pk, is_active=True).first()
        if today is None:
            raise Unavailable
        if full_queues([today]):
            raise QueueFull
        request = Request.objects.create(group=today, arrived_at=now, waiting_since=now, language=language[:16])
        if link:
            link(request)
        for given in settle([group.pk], now, changed=[group.pk]):
            if given.pk == request.pk:
                return given
        return request


def leave(group: Group, link: Callable[[Request], object], *, language: str = "") -> Request:
    """A request that never waits: what somebody leaves there to be answered later. `link` as for `enqueue`."""
    with deciding() as now:
        facts = {"state": State.CLOSED, "outcome": Outcome.MESSAGE, "closed_at": now, "language": language[:16]}
        request = stored(Request(group=group, arrived_at=now, waiting_since=now, **facts))
        link(request)
        return request


def end(request_id: int, outcome: Outcome | None = None) -> bool:
    """Close it and give its place to whoever waits; False if it was closed already, or never was.

    `outcome`, unless given: served if somebody had it in the end, else abandoned.
    """
    with deciding() as now:
        request = Request.objects.select_related("group", "operator").filter(pk=request_id).first()
        if request is None or request.state == State.CLOSED:
            return False
        waited = request.state == State.WAITING
        unserved = waited or request.accept_by is not None
        if not finish(request, outcome or (Outcome.ABANDONED if unserved else Outcome.SERVED), now):
            return False
        touch([request.operator], now)
        signals.request_ended.send(Request, request=request)
        room_for = groups_of([request.operator_id or 0]) | {request.group_id}
        settle(room_for, now, changed=[request.group_id] if waited else [])
        return True
