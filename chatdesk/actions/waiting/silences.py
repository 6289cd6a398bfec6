"""Since when nothing has happened: each answers conversations of a group with `since`, when that began."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from chatdesk.models import Conversation, Trigger
from chatdesk.querysets import last_of_operators, unanswered_since
from routing.models import Group, State

Silent: TypeAlias = QuerySet[Any]  # of conversations, with `since`


def _open(group: Group, state: State) -> QuerySet[Conversation]:
    return Conversation.objects.filter(request__group=group, request__state=state, closed_at=None)


def _talking(group: Group) -> QuerySet[Conversation]:
    """Somebody has it, and did not say that they look something up."""
    return _open(group, State.ACTIVE).filter(on_hold_since=None)


def waiting(group: Group) -> Silent:
    return _open(group, State.WAITING).annotate(since=F("request__waiting_since"))


def operator_silent(group: Group) -> Silent:
    """The visitor wrote, and whoever has the chat has not answered. A new holder's silence begins with their taking."""
    unanswered = Greatest(unanswered_since(), "request__taken_at", output_field=DateTimeField())
    return _talking(group).annotate(since=unanswered)


def visitor_silent(group: Group) -> Silent:
    """The last word is an operator's."""
    answered = _talking(group).annotate(unanswered=unanswered_since()).filter(unanswered=None)
    return answered.annotate(since=Subquery(last_of_operators(OuterRef("pk")).values("at")[:1]))


def on_hold(group: Group) -> Silent:
    return _open(group, State.ACTIVE).annotate(since=F("on_hold_since"))


SILENCES: dict[str, Callable[[Group], Silent]] = {
    Trigger.WAITING: waiting,
    Trigger.OPERATOR_SILENT: operator_silent,
    Trigger.VISITOR_SILENT: visitor_silent,
    Trigger.HOLD: on_hold,
}
