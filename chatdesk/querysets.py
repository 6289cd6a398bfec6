"""The lists of the desk. They page by key, never by offset: page 1,000 costs what page 1 costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest, Left

from accounts.models import User
from chatdesk.models import Conversation, Entry, Kind, Participant
from chatdesk.permissions import reached
from routing.models import State

SAID = [Kind.MESSAGE, Kind.FILE]
SNIPPET = 120
PAGE = 30
KEYS = {("-pk",): ("pk", "pk__lt"), ("request_id",): ("request_id", "request_id__gt")}  # by the order of the list


def said_by_operators(conversation: Any) -> QuerySet[Entry]:
    """What people at the desk said in a conversation (an id, or a reference to the row outside)."""
    return Entry.objects.filter(conversation=conversation, kind__in=SAID, participant__user__isnull=False)


def last_of_operators(conversation: Any) -> QuerySet[Entry]:
    return said_by_operators(conversation).order_by("-seq")


def unanswered_by_holder() -> Case:
    """Since when the visitor waits for an answer of who has the chat now; null when all is answered."""
    later = Greatest(F("first_unanswered"), F("request__taken_at"))
    # PostgreSQL's GREATEST looks past a null, SQLite's does not.
    return Case(When(first_unanswered__isnull=False, then=later), default=None, output_field=DateTimeField())


def first_unanswered() -> Subquery:
    """When the visitor wrote the first word that no operator has answered; null when all is answered."""
    answered = Subquery(last_of_operators(OuterRef(OuterRef("pk"))).values("seq")[:1])
    said = Entry.objects.filter(conversation=OuterRef("pk"), kind__in=SAID, participant__user=None)
    return Subquery(said.filter(seq__gt=Coalesce(answered, 0)).order_by("seq").values("at")[:1])


def _last_words() -> Subquery:
    said = Entry.objects.filter(conversation=OuterRef("pk"), kind__in=SAID)
    return Subquery(said.order_by("-seq").annotate(start=Left("body", SNIPPET)).values("start")[:1])


def _unread(user: User) -> Coalesce:
    mine = Participant.objects.filter(conversation=OuterRef("conversation"), user=user).values("read_seq")[:1]
    said = Entry.objects.filter(conversation=OuterRef("pk"), kind__in=SAID, seq__gt=Coalesce(Subquery(mine), 0))
    others = said.exclude(participant__user=user).order_by().values("conversation")
    return Coalesce(Subquery(others.annotate(n=Count("pk")).values("n")), 0)


def for_lists(user: User) -> QuerySet[Conversation]:
    """Conversations as a row of a list needs them, with `snippet`, and `unread`: what others said since."""
    rows = Conversation.objects.select_related("request__operator", "request__group", "group")
    return rows.annotate(snippet=_last_words(), unread=_unread(user))


def _visible(user: User) -> Q:
    return reached(user, "see")


def waiting_for(user: User) -> QuerySet[Conversation]:
    """Who waits, the longest first."""
    return for_lists(user).filter(_visible(user), request__state=State.WAITING).order_by("request_id")


def mine(user: User) -> QuerySet[Conversation]:
    """The chats this person holds, or is beside in, as `role` says; the one with the latest entry first."""
    beside = Participant.objects.filter(user=user, role__in=("guest", "monitor"))
    here = Q(request__operator=user) | Q(_visible(user), pk__in=beside.values("conversation_id"))
    role = Subquery(beside.filter(conversation=OuterRef("pk")).values("role")[:1])
    chats = for_lists(user).filter(here, request__state=State.ACTIVE)
    chats = chats.annotate(first_unanswered=first_unanswered(), role=role)
    return chats.annotate(unanswered_since=unanswered_by_holder()).order_by("-last_at", "-pk")


def messages_for(user: User) -> QuerySet[Conversation]:
    """What was left to be answered later, the longest there first."""
    left = for_lists(user).filter(_visible(user), request__state=State.CLOSED, closed_at=None)
    return left.order_by("request_id")


def in_groups(user: User) -> QuerySet[Conversation]:
    """Everything of this person's groups, the newest first."""
    groups = list(user.memberships.values_list("group_id", flat=True))
    return for_lists(user).filter(_visible(user), group__in=groups).order_by("-pk")


def everything(user: User) -> QuerySet[Conversation]:
    """All that this person may see, the newest first."""
    return for_lists(user).filter(_visible(user)).order_by("-pk")


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next_cursor: str | None


def page_of(conversations: QuerySet[Any], cursor: str | None = None, size: int = PAGE) -> Page:
    """One page after the row that `cursor` names (the key of the last one shown). A bad cursor starts anew.

    Requests are numbered as they arrive, so the waiting list pages by that number. A person's own open chats are few,
    and come whole.
    """
    if conversations.query.order_by not in KEYS:
        return Page(list(conversations), None)
    field, lookup = KEYS[conversations.query.order_by]
    if cursor and cursor.isdecimal() and len(cursor) < 19:
        conversations = conversations.filter(**{lookup: int(cursor)})
    rows = list(conversations[: size + 1])
    return Page(rows[:size], str(getattr(rows[size - 1], field)) if len(rows) > size else None)
