"""What a sender is told whose mail is not taken, and what the desk remembers of it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tickets.actions import tickets
from tickets.models import Correspondent, ForwardingAddress, TicketEvent

REFUSED = "mail_refused"
ONCE_IN = timedelta(hours=1)


def closed_reply(correspondent: Correspondent) -> str:
    """The SMTP answer for a token that was withdrawn: closed, and where to write instead."""
    group_id = correspondent.conversation.group_id
    open_ones = ForwardingAddress.objects.filter(group=group_id, is_active=True).order_by("pk")
    instead = open_ones.values_list("address", flat=True).first()
    return f"550 5.2.1 This correspondence is closed{f', write to {instead}' if instead else ''}"


def note_refused(correspondent: Correspondent) -> None:
    """A line in the timeline of the conversation, once an hour."""
    ticket = tickets.ensure(correspondent.conversation)
    lately = TicketEvent.objects.filter(ticket=ticket, what=REFUSED, at__gt=timezone.now() - ONCE_IN)
    if not lately.filter(after=str(correspondent.pk)).exists():
        TicketEvent.objects.create(ticket=ticket, actor=None, what=REFUSED, after=str(correspondent.pk))
