"""The one assigner, fired by a new chat, a freed place, presence, an ended lease and a transfer; and by the sweep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from routing import signals
from routing.board import Board
from routing.holding import give_turn, hold
from routing.locks import deciding
from routing.models import Group, Request
from routing.opening import open_groups
from routing.querysets import candidates, queues_to_drain, rules_of, waiting, wish_of

PAGE = 500  # waiting chats read at a time; only as many pages as there are places


def assign(group_ids: Collection[int] | None = None) -> list[Request]:
    """Give waiting chats of these groups (None: of all) to free people, in the order of arrival; what was given.

    Groups that pick up by hand are left alone, and those that are closed by their hours get no new chat; one that
    somebody had already finds another person. A person's limit in a group counts their chats in all groups.
    """
    with deciding() as now:
        return settle(group_ids, now)


def settle(group_ids: Collection[int] | None, now: datetime, changed: Iterable[int] = ()) -> list[Request]:
    """`assign`, for a decision that has begun; then tells whose queues changed, `changed` among them."""
    given = _hand_out(group_ids, now)
    give_turn((request.operator for request in given), now)
    if given:
        signals.requests_given.send(Request, requests=given)
    if queues := frozenset(changed) | {request.group_id for request in given}:
        signals.queue_changed.send(Request, group_ids=queues)
    return given


def _hand_out(group_ids: Collection[int] | None, now: datetime) -> list[Request]:
    queues = queues_to_drain(group_ids)
    if not queues:
        return []
    board = Board(candidates([group.pk for group in queues], now), now, rules_of(queues))
    chosen = list(_choose(board, _may_be_given(queues, now)))
    people = User.objects.in_bulk({user_id for _, user_id in chosen})
    return [request for request, user_id in chosen if _give(request, people[user_id], now)]


def _give(request: Request, user: User, now: datetime) -> bool:
    return hold(request, user, now, offered=request.group.accept_seconds > 0)


def _may_be_given(queues: list[Group], now: datetime) -> Q:
    """All that waits where it is open; elsewhere what somebody had already: its visitor is in the middle of a talk."""
    is_open = open_groups(queues, now)
    if len(is_open) == len(queues):
        return Q()
    return Q(group__in=is_open) | Q(taken_at__isnull=False)


def _choose(board: Board, these: Q) -> Iterator[tuple[Request, int]]:
    for request in _waiting(board, these):
        user_id = board.give(request.group_id, wish_of(request))
        if user_id:
            yield request, user_id


def _waiting(board: Board, these: Q) -> Iterator[Request]:
    """Waiting chats of the groups that still have a free place, page by page, asking again which these are."""
    after = these
    while groups := board.open_groups():
        size = min(PAGE, board.free_places() + 1)
        page = list(waiting(groups).filter(after).select_related("group")[:size])
        yield from page
        if len(page) < size:
            return
        last = page[-1]
        later = Q(arrived_at__gt=last.arrived_at) | Q(arrived_at=last.arrived_at, pk__gt=last.pk)
        after = these & later
