"""For how long a copy is locked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.actions.retaining.gathering import all_rules, standings
from transcripts.models import LockedRules
from transcripts.models.locked_copy import MOST_DAYS


def locked_until(conversation: Conversation, rules: LockedRules) -> datetime:
    """The set number of days after its end, or as long as a policy keeps it, if that is longer; at most a century."""
    now = timezone.now()
    set_days = (conversation.closed_at or now) + timedelta(days=rules.days)
    kept = standings([conversation], all_rules(), without_holds=True)[conversation.pk].whole.kept_until
    latest = now + timedelta(days=MOST_DAYS)
    return min(max(set_days, kept or set_days, now + timedelta(minutes=1)), latest).replace(microsecond=0)
