"""Conversations that somebody has to come back to."""

from __future__ import annotations

from chatdesk.models import Conversation
from tickets.models import Ticket

LONGEST_CHAIN = 20


def ensure(conversation: Conversation, subject: str = "") -> Ticket:
    """The conversation's ticket, made if there is none."""
    return Ticket.objects.get_or_create(conversation=conversation, defaults={"subject": subject[:200]})[0]


def resolve(conversation: Conversation) -> Conversation:
    """Where it went when it was merged, and where that went; itself when it was not."""
    for _step in range(LONGEST_CHAIN):
        ticket = Ticket.objects.select_related("merged_into__conversation").filter(conversation=conversation).first()
        if ticket is None or ticket.merged_into is None:
            break
        conversation = ticket.merged_into.conversation
    return conversation
