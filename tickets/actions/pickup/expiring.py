"""Boxes whose time is up: the link and the words that opened them are no longer kept."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from tickets.models import PickupBox


def expire_boxes(now: datetime | None = None) -> int:
    """Forget the secrets of expired boxes; how many. Safe to repeat."""
    over = PickupBox.objects.filter(expires_at__lte=now or timezone.now()).exclude(sealed="")
    return over.update(sealed="", sealed_code="")
