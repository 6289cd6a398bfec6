"""What the desk remembers of a visitor who comes back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from chatdesk.models import Conversation, Visitor

MINUTE = timedelta(minutes=1)


def mark_returned(visitor: Visitor) -> None:
    """The token was used: it is not lost, and `start` will not give out another for the same conversation."""
    Visitor.objects.filter(pk=visitor.pk).update(token_used=True, seen_at=timezone.now())


def mark_seen(conversation_ids: Collection[int]) -> None:
    """The visitors of these conversations have their page open: whoever waits keeps the place."""
    mine = Conversation.objects.filter(pk__in=conversation_ids).values("visitor")
    Visitor.objects.filter(pk__in=mine).update(seen_at=timezone.now())


def mark_looking(visitor: Visitor) -> None:
    """A page without script asks again and again: it is open, which is written once a minute at most."""
    if timezone.now() - visitor.seen_at > MINUTE:
        Visitor.objects.filter(pk=visitor.pk).update(seen_at=timezone.now())
