"""Who corresponds without having asked by mail: visitors who left an address, and people who want to be followed."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet

from chatdesk.models import Conversation, Entry
from chatdesk.querysets import SAID, said_by_operators
from tickets.actions import correspondents
from tickets.actions.outbox.lately import halves
from tickets.models import Correspondent, OperatorMail

AT_ONCE = 100
Side = Correspondent.Side


def enrol(now: datetime) -> int:
    """Make correspondents of those who have something to get; how many."""
    visitors = chain.from_iterable(_answered(part)[:AT_ONCE] for part in halves(now))
    made = [correspondents.of_visitor(conversation, conversation.email, conversation.name) for conversation in visitors]
    return len(made) + sum(_enrol_person(wish) for wish in _wishes())


def _answered(part: Q) -> QuerySet[Conversation]:
    answered = Exists(said_by_operators(OuterRef("pk")))
    visitor = Exists(Correspondent.objects.filter(conversation=OuterRef("pk"), side=Side.VISITOR))
    return Conversation.objects.filter(part, ~visitor, answered).exclude(email="").order_by("pk")


def _wishes() -> QuerySet[OperatorMail]:
    return OperatorMail.objects.filter(wants_mail=True, user__is_active=True).select_related("user")


def _enrol_person(wish: OperatorMail) -> int:
    theirs = Q(request__operator=wish.user) | Q(ticket__owner=wish.user)
    known = Exists(Correspondent.objects.filter(conversation=OuterRef("pk"), participant__user=wish.user))
    said = Exists(Entry.objects.filter(conversation=OuterRef("pk"), kind__in=SAID, participant__user=None))
    open_ones = Conversation.objects.filter(theirs, ~known, said, closed_at=None).order_by("pk")[:AT_ONCE]
    return len([correspondents.of_operator(conversation, wish.user) for conversation in open_ones])
