"""Legal holds, where something asks whether it may go or looks for what is held."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext as _

from chatdesk.models import Conversation
from chatdesk.signals import visitor_erasing
from transcripts import conditions, holds
from transcripts.actions.holding import held_by
from transcripts.models import HoldMatch

holds.add_source(held_by)


@receiver(visitor_erasing)
def on_erasing(conversation: Conversation, **kwargs: Any) -> str:
    """Says that it has to be kept, and neither by whom nor for which matter."""
    return _("it has to be kept by law for now.") if holds.held([conversation.pk]) else ""


def _by_state(value: str) -> Q:
    held = HoldMatch.objects.filter(hold__released_at=None).values("conversation_id")
    return Q(pk__in=held) if value == "held" else conditions.NOTHING


conditions.add("states", _by_state)
