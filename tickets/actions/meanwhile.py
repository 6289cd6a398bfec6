"""What came while somebody was away: said once, when they come back, until they have seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.permissions import reached
from chatdesk.querysets import SAID
from routing.models import Presence
from tickets.models import DeskNews

MOST = 8


@dataclass(frozen=True)
class News:
    """The conversations with something new, each with `fresh`: how much. `more`: how many there are besides."""

    conversations: tuple[Conversation, ...] = ()
    more: int = 0
    until: datetime | None = None


def news_of(user: User, now: datetime | None = None) -> News:
    """What this person has not been told yet. Coming back after an absence adds what came during it."""
    span = _span(user, now or timezone.now())
    if span.since >= span.until:
        return News()
    found = list(_came(user, span)[: MOST + 1])
    rest = _came(user, span).count() - MOST if len(found) > MOST else 0
    return News(tuple(found[:MOST]), rest, span.until)


def dismiss(user: User) -> None:
    """They have seen it: it is never shown again."""
    DeskNews.objects.filter(user=user).update(since=F("until"))


def _span(user: User, now: datetime) -> DeskNews:
    """From when to when they were away, as far as they have not been told of it."""
    lease = Presence.objects.filter(user=user).values_list("lease_until", flat=True).first()
    left = lease or user.date_joined
    known = DeskNews.objects.filter(user=user).first()
    if known is None:
        return DeskNews.objects.get_or_create(user=user, defaults={"since": left, "until": max(left, now)})[0]
    if left < now and left > known.until:  # they were here after what they were told of, and are back
        since = left if known.since >= known.until else known.since
        DeskNews.objects.filter(pk=known.pk).update(since=since, until=now)
        known.since, known.until = since, now
    return known


def _came(user: User, span: DeskNews) -> QuerySet[Conversation]:
    groups = list(user.memberships.values_list("group_id", flat=True))
    concerns = Q(group__in=groups) | Q(request__operator=user) | Q(ticket__owner=user)
    lately = Q(closed_at=None) | Q(request__closed_at__gt=span.since)
    fresh = Q(entries__at__gt=span.since, entries__at__lte=span.until, entries__kind__in=SAID)
    by_visitor = Q(entries__participant__user=None, entries__participant__isnull=False)
    rows = Conversation.objects.filter(reached(user, "see"), concerns, lately, last_at__gt=span.since)
    rows = rows.annotate(fresh=Count("entries", filter=fresh & by_visitor)).filter(fresh__gt=0)
    return rows.select_related("group", "request").order_by("-last_at", "-pk")
