"""What time alone brings about for those who wait, in one sweep."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from chatdesk.actions.waiting.chain import WHILE_TALKING, WHILE_WAITING, send_due
from chatdesk.actions.waiting.choices import offer_choices
from chatdesk.actions.waiting.holds import release_answered
from chatdesk.actions.waiting.leaving import close_silent, give_up_gone
from routing.models import Request, State


def tend(now: datetime | None = None) -> int:
    """Write what is due, ask who has waited long enough, end holds and silent chats; how much that was.

    Every few seconds, safe to repeat. A desk where nobody waits or talks is asked one question.
    """
    now = now or timezone.now()
    waiting, talking = _busy_groups()
    done = 0
    if talking:
        done += release_answered(now) + send_due(talking, WHILE_TALKING, now) + close_silent(talking, now)
    if waiting:
        done += send_due(waiting, WHILE_WAITING, now) + offer_choices(waiting, now) + give_up_gone(now)
    return done


def _busy_groups() -> tuple[set[int], set[int]]:
    """Where somebody waits, be it while they are only offered to a person; and where somebody has a chat."""
    found = set(_groups_with(State.WAITING).union(_groups_with(State.ACTIVE)))
    waiting = {group for group, state, offered in found if state == State.WAITING or offered}
    return waiting, {group for group, state, _ in found if state == State.ACTIVE}


def _groups_with(state: State) -> QuerySet[Request, tuple[int, str, bool]]:
    """One state at a time: each has an index of its own. Messages that were kept are in neither, however many."""
    requests = Request.objects.filter(state=state).annotate(offered=Q(accept_by__isnull=False))
    return requests.values_list("group_id", "state", "offered")
