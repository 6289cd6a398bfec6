"""What the desk remembers of a visitor who comes back."""

from __future__ import annotations

from django.utils import timezone

from chatdesk.models import Visitor


def mark_returned(visitor: Visitor) -> None:
    """The token was used: it is not lost, and `start` will not give out another for the same conversation."""
    Visitor.objects.filter(pk=visitor.pk).update(token_used=True, seen_at=timezone.now())
