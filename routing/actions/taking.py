from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from routing import signals
from routing.assigner import settle
from routing.eligible import has_place, is_free
from routing.errors import AlreadyTaken, Full, NotWaiting, Unavailable
from routing.holding import give_turn, hold, keep, put_back, touch
from routing.locks import deciding
from routing.models import Group, Request, State
from routing.querysets import candidates, groups_of


def take(request_id: int, user: User, *, limited: bool = True) -> Request:
    """The waiting request becomes the person's; again by the same person: the same answer, nothing told twice.

    Raises AlreadyTaken (with who has it), NotWaiting (ended, or unknown), and unless `limited` is off Full.
    """
    with deciding() as now:
        request = _open(request_id)
        if request.operator_id == user.pk:
            _accept(request, user, now)
            return request
        if request.operator is not None:
            raise AlreadyTaken(request.operator)
        if limited and not has_place(user.pk, request.group_id, otherwise=True):
            raise Full
        _hand_over(request, user, None, now)
        return request


def take_up(
    group: Group, user: User, link: Callable[[Request], object], *, limited: bool = True, language: str = ""
) -> Request:
    """A new request that is the person's at once: of somebody who left a message and is answered now.

    `link` and `language` are as for `enqueue`; `link` is called before anybody is told. It counts as a
    chat, and not as a wait that others could expect. Raises Full unless `limited` is off.
    """
    with deciding() as now:
        if limited and not has_place(user.pk, group.pk, otherwise=True):
            raise Full
        request = Request.objects.create(group=group, arrived_at=now, waiting_since=now, language=language[:16])
        link(request)
        _hand_over(request, user, None, now)
        Request.objects.filter(pk=request.pk).update(waited_seconds=None)
        return request


def accept(request_id: int, user_id: int) -> bool:
    """The person begins with what they were only offered; False if there was nothing to accept."""
    with deciding() as now:
        offered = Request.objects.select_related("group", "operator").filter(accept_by__isnull=False)
        request = offered.filter(pk=request_id, state=State.ACTIVE, operator_id=user_id).first()
        return request is not None and request.operator is not None and _accept(request, request.operator, now)


def _accept(request: Request, user: User, now: datetime) -> bool:
    if request.accept_by is None or not keep(request, now):
        return False
    signals.request_accepted.send(Request, request=request, operator=user)
    return True


def transfer(request_id: int, by: User, group: Group | None = None, operator: User | None = None) -> Request:
    """Hand an open request to a group or to a person (one of the two), keeping the place of its arrival.

    To a group: it waits there. Who held it (or `by`, if nobody did) does not get it back while somebody else of the
    group is here and available, even if these are full; if all of them go, it comes back rather than be forgotten.
    To a person: at once, if they are here, available and have a place; `by` may always take it over, place permitting.
    Raises NotWaiting (ended, or unknown) and Unavailable: nobody named, the group is switched off or nobody but the
    giver is there, the person is not free.
    """
    if (group is None) == (operator is None):
        raise Unavailable
    with deciding() as now:
        request = _open(request_id)
        if group is not None:
            _to_group(request, by, group, now)
        elif operator is not None and operator.pk != request.operator_id:
            _check_free(operator, by, request.group_id, now)
            _hand_over(request, operator, by, now)
        return request


def _open(request_id: int) -> Request:
    request = Request.objects.select_related("group", "operator").filter(pk=request_id).first()
    if request is None or request.state == State.CLOSED:
        raise NotWaiting
    return request


def _hand_over(request: Request, operator: User, by: User | None, now: datetime) -> None:
    freed = request.operator_id
    previous = _who_met_them(request)
    if not hold(request, operator, now):
        raise NotWaiting
    touch([previous], now)
    give_turn([operator], now)
    signals.request_assigned.send(Request, request=request, operator=operator, by=by, previous=previous)
    # A transfer frees a place; taking one from the queue changes the queue.
    settle(groups_of([freed or 0]), now, changed=[] if previous else [request.group_id])


def _to_group(request: Request, by: User, group: Group, now: datetime) -> None:
    previous = _who_met_them(request)
    giver, left, freed = previous or by, request.group_id, request.operator_id
    queues = {group.pk} if previous else {group.pk, request.group_id}
    if not previous and request.group_id == group.pk:
        return
    if not group.is_active or _only_giver(group, giver, now):
        raise Unavailable
    if not put_back(request, group, giver, now):
        raise NotWaiting
    touch([previous], now)
    signals.request_moved.send(Request, request=request, group=group, by=by, previous=previous)
    settle(groups_of([giver.pk, freed or 0]) | {group.pk, left}, now, changed=queues)
    request.refresh_from_db()


def _who_met_them(request: Request) -> User | None:
    """Who holds it. Of a chat that was only offered the visitor knows nothing: the one it was offered to lets it go."""
    if request.accept_by is None or request.operator is None:
        return request.operator
    signals.request_passed.send(Request, request=request, operator=request.operator)
    return None


def _only_giver(group: Group, giver: User, now: datetime) -> bool:
    if group.is_manual:
        return False
    return {one.user_id for one in candidates([group.pk], now)[group.pk]} == {giver.pk}


def _check_free(operator: User, by: User, group_id: int, now: datetime) -> None:
    by_themselves = operator.pk == by.pk and has_place(operator.pk, group_id, otherwise=True)
    if not by_themselves and not is_free(operator.pk, group_id, now):
        raise Unavailable
