"""Lines of a timeline that the desk itself writes."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from chatdesk.models import Conversation
from tickets.actions import tickets
from tickets.models import TicketEvent

ONCE_IN = timedelta(hours=1)
LOOPED, HELD = "mail_looped", "mail_held"


def note_once(conversation: Conversation, what: str, after: str = "") -> None:
    """Once an hour: everybody who works on the conversation reads it, so it names nobody."""
    ticket = tickets.ensure(conversation)
    lately = TicketEvent.objects.filter(ticket=ticket, what=what, after=after, at__gt=timezone.now() - ONCE_IN)
    if not lately.exists():
        TicketEvent.objects.create(ticket=ticket, actor=None, what=what, after=after)
