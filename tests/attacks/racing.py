"""Doing things at once, each in a thread with a database connection of its own, and looking at what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from chatdesk.models import Conversation, Entry, Kind
from chatdesk.protocol import Refused
from routing.errors import RoutingError
from routing.models import Request, State
from tests.threads import closing

SECONDS = 60


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Each started together: what it returned, or how it was refused. Anything else is raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(SECONDS)
        try:
            return work()
        except (Refused, RoutingError) as refused:
            return refused

    with ThreadPoolExecutor(len(works)) as threads:
        running = [threads.submit(closing, partial(run, work)) for work in works]
        return [done.result(SECONDS) for done in running]


def refusals(outcomes: Sequence[Any]) -> list[str]:
    """The codes of those that were refused, sorted."""
    return sorted(str(one.code) if isinstance(one, Refused) else type(one).__name__ for one in outcomes if _no(one))


def _no(outcome: Any) -> bool:
    return isinstance(outcome, Refused | RoutingError)


def fresh(conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_related("request__operator", "request__group", "group")
    return rows.get(pk=conversation.pk)


def kinds(conversation: Conversation) -> list[str]:
    return list(Entry.objects.filter(conversation=conversation).order_by("seq").values_list("kind", flat=True))


def assert_whole(conversation: Conversation) -> Conversation:
    """One owner or none, one group, numbers without a gap, nothing after the end. The conversation as it is now."""
    now = fresh(conversation)
    seqs = list(Entry.objects.filter(conversation=now).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, now.last_seq + 1))
    said = kinds(now)
    assert said.count(Kind.CLOSE) == (1 if now.closed_at else 0)
    assert now.closed_at is None or said[-1] == Kind.CLOSE
    assert (now.request.state == State.CLOSED) == (now.closed_at is not None)
    assert (now.request.operator is not None) or now.request.state != State.ACTIVE
    assert now.group == now.request.group
    return now


def held_by() -> dict[int, int]:
    """How many chats each person holds."""
    counts: dict[int, int] = {}
    for operator_id in Request.objects.filter(state=State.ACTIVE).values_list("operator_id", flat=True):
        counts[operator_id or 0] = counts.get(operator_id or 0, 0) + 1
    return counts
