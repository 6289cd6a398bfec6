"""The lists of the tickets page. They page by key, and show what their reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from accounts.models import Scope, User
from accounts.permissions import may
from chatdesk.models import Conversation, Entry
from chatdesk.permissions import reached
from chatdesk.querysets import SAID, SNIPPET
from tickets.models import FollowUp, Held, Ticket
from tickets.permissions import overseen

WHOSE = ("mine", "groups", "all")
UNSOLVED = "unsolved"
PAGE = 30


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for. `whose`: of WHOSE. `state`: of Ticket.State, UNSOLVED, or empty for any."""

    whose: str = "groups"
    state: str = UNSOLVED
    is_overdue: bool = False
    tag: str = ""
    words: str = ""


def seen_by(user: User) -> QuerySet[Ticket]:
    """All tickets of conversations that this person may see."""
    visible = Conversation.objects.filter(reached(user, "see"))
    rows = Ticket.objects.filter(conversation__in=visible)
    return rows.select_related("conversation__request__operator", "conversation__group", "owner")


def tickets_for(user: User, wanted: Wanted, now: datetime) -> QuerySet[Ticket]:
    """The newest first, each with `snippet`: the visitor's last words."""
    rows = seen_by(user).filter(_whose(user, wanted.whose), _state(wanted.state))
    if wanted.is_overdue:
        rows = rows.filter(due_at__lt=now).exclude(state=Ticket.State.SOLVED)
    if wanted.tag:
        rows = rows.filter(tags__name=wanted.tag)
    if wanted.words:
        rows = rows.filter(_found(wanted.words))
    return rows.annotate(snippet=_last_words()).prefetch_related("tags").order_by("-pk")


def count_of(user: User, whose: str, most: int) -> int:
    """How many unsolved ones, counted up to one more than `most`."""
    rows = seen_by(user).filter(_whose(user, whose), _state(UNSOLVED))
    return len(rows.order_by().values_list("pk", flat=True)[: most + 1])


def held_for(user: User) -> QuerySet[Held]:
    """What waits for a decision that this person may make, the oldest first."""
    conversations = Conversation.objects.filter(reached(user, "see") & overseen(user))
    mine = Q(conversation__in=conversations)
    if may(user, "contact") == Scope.ALL:
        mine |= Q(conversation=None)
    rows = Held.objects.filter(mine, state=Held.State.HELD)
    return rows.select_related("conversation__group").order_by("at", "pk")


def promises_for(user: User) -> QuerySet[FollowUp]:
    """What was promised in conversations that this person may see, and stands: the most urgent first."""
    visible = Conversation.objects.filter(reached(user, "see"))
    rows = FollowUp.objects.filter(conversation__in=visible, state=FollowUp.State.PROMISED)
    return rows.select_related("conversation", "user", "group", "asked_by").order_by("promised_for", "pk")


def promises_due(user: User) -> QuerySet[FollowUp]:
    """Those of which the desk reminds this person: their own and their groups', and what is late for who supervises."""
    groups = list(user.memberships.values_list("group_id", flat=True))
    own = Q(reminded_at__isnull=False) & (Q(user=user) | Q(group__in=groups))
    watched = Conversation.objects.filter(reached(user, "monitor"))
    late = Q(escalated_at__isnull=False, conversation__in=watched)
    return promises_for(user).filter(own | late)


def _whose(user: User, whose: str) -> Q:
    own = Q(owner=user) | Q(owner=None, conversation__request__operator=user, conversation__request__state="active")
    if whose == "mine":
        return own
    if whose == "groups":
        return own | Q(conversation__group__in=list(user.memberships.values_list("group_id", flat=True)))
    return Q()


def _state(state: str) -> Q:
    if state == UNSOLVED:
        return ~Q(state=Ticket.State.SOLVED)
    return Q(state=state) if state else Q()


def _found(words: str) -> Q:
    number = words.removeprefix("#")
    by_number = Q(pk=int(number)) if number.isdecimal() and len(number) < 16 else Q()
    return Q(subject__icontains=words) | by_number if by_number else Q(subject__icontains=words)


def _last_words() -> Subquery:
    said = Entry.objects.filter(conversation=OuterRef("conversation"), kind__in=SAID, participant__user=None)
    return Subquery(said.order_by("-seq").annotate(start=Left("body", SNIPPET)).values("start")[:1])
