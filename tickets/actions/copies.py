"""Whether the silent copies get through: nobody in a conversation notices when they don't, so the owner is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation
from tickets.models import OutgoingMail
from tickets.permissions import overseen

State = OutgoingMail.State
LATELY = timedelta(days=7)
ALERT_AFTER = 3  # copies in a row
WORKED = Q(state__in=(State.SENT, State.DELIVERED))
BROKEN = Q(state__in=(State.FAILED, State.BOUNCED))


@dataclass(frozen=True)
class Trouble:
    """Copies that don't arrive: whose, what for (archive or crm), how many, and since when."""

    group: str
    purpose: str
    count: int
    since: datetime


def troubles(user: User | None = None, now: datetime | None = None) -> list[Trouble]:
    """Each purpose of each group whose last copies all failed. Operators learn of no copies."""
    since = (now or timezone.now()) - LATELY
    copies = OutgoingMail.objects.filter(created_at__gt=since).exclude(copy_for="")
    if user is not None:
        copies = copies.filter(conversation__in=Conversation.objects.filter(overseen(user)))
    purposes = copies.values_list("conversation__group", "copy_for").annotate(last=Max("pk", filter=WORKED)).order_by()
    found = (
        _trouble(copies.filter(conversation__group=group, copy_for=purpose), last) for group, purpose, last in purposes
    )
    return [trouble for trouble in found if trouble is not None]


def _trouble(copies: QuerySet[OutgoingMail], last_good: int | None) -> Trouble | None:
    broken = copies.filter(BROKEN, pk__gt=last_good or 0).select_related("conversation__group").order_by("pk")
    first, count = broken.first(), broken.count()
    if first is None or first.conversation is None or count < ALERT_AFTER:
        return None
    return Trouble(first.conversation.group.name, first.copy_for, count, first.created_at)
