"""What time alone brings about for those who wait, in one sweep."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from chatdesk.actions.waiting.chain import send_due
from chatdesk.actions.waiting.choices import offer_choices
from chatdesk.actions.waiting.holds import release_answered
from chatdesk.actions.waiting.leaving import close_silent, give_up_gone
from chatdesk.models import Conversation


def tend(now: datetime | None = None) -> int:
    """Write what is due, ask who has waited long enough, end holds and silent chats; how much that was.

    Every few seconds, safe to repeat. A desk where nobody waits or talks is asked one question.
    """
    now = now or timezone.now()
    open_ones = Conversation.objects.filter(closed_at=None)
    groups = set(open_ones.order_by().values_list("group_id", flat=True).distinct())
    if not groups:
        return 0
    released = release_answered(now)
    return released + send_due(groups, now) + offer_choices(groups, now) + close_silent(groups, now) + give_up_gone(now)
