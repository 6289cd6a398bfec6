"""Since when nothing has happened: each answers conversations of a group with `since`, when that began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from chatdesk.models import Conversation, Trigger
from chatdesk.querysets import first_unanswered, last_of_operators, unanswered_by_holder
from routing.models import Group, State
from routing.opening import is_open, next_change

JUST_NOW = timedelta(minutes=10)  # "we are closing" is no news later

Silent: TypeAlias = QuerySet[Any]  # of conversations, with `since`


def _open(group: Group) -> QuerySet[Conversation]:
    """By the conversation's own group: the index of open ones leads there, however many have ended."""
    return Conversation.objects.filter(group=group, closed_at=None)


def _talking(group: Group) -> QuerySet[Conversation]:
    """Somebody has it, not only on offer, and did not say that they look something up."""
    return _open(group).filter(request__state=State.ACTIVE, request__accept_by=None, on_hold_since=None)


def waiting(group: Group, _now: datetime) -> Silent:
    """Nobody has it: who was offered it may let it pass."""
    waits = Q(request__state=State.WAITING) | Q(request__accept_by__isnull=False)
    return _open(group).filter(waits).annotate(since=F("request__waiting_since"))


def operator_silent(group: Group, _now: datetime) -> Silent:
    """The visitor wrote, and whoever has the chat has not answered. A new holder's silence begins with their taking."""
    return _talking(group).annotate(first_unanswered=first_unanswered()).annotate(since=unanswered_by_holder())


def visitor_silent(group: Group, _now: datetime) -> Silent:
    """The last word is an operator's."""
    answered = _talking(group).annotate(first_unanswered=first_unanswered()).filter(first_unanswered=None)
    return answered.annotate(since=Subquery(last_of_operators(OuterRef("pk")).values("at")[:1]))


def on_hold(group: Group, _now: datetime) -> Silent:
    talking = _open(group).filter(request__state=State.ACTIVE, request__accept_by=None)
    return talking.annotate(since=F("on_hold_since"))


def closed_lately(group: Group, now: datetime) -> datetime | None:
    """When the group closed, if that was within the last minutes."""
    if is_open(group, now):
        return None
    closed = next_change([group], now - JUST_NOW)
    return closed if closed is not None and closed <= now else None


def closing(group: Group, now: datetime) -> Silent:
    """Who began to wait while the group was open, and sees it close."""
    closed = closed_lately(group, now)
    rows = waiting(group, now)
    return rows.filter(since__lt=closed) if closed else rows.none()


SILENCES: dict[str, Callable[[Group, datetime], Silent]] = {
    Trigger.WAITING: waiting,
    Trigger.OPERATOR_SILENT: operator_silent,
    Trigger.VISITOR_SILENT: visitor_silent,
    Trigger.HOLD: on_hold,
    Trigger.CLOSING: closing,
}
