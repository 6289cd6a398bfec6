"""What was changed of a ticket: a line of its timeline each."""

from __future__ import annotations

from accounts.models import User
from tickets.models import Ticket, TicketEvent

LONGEST = 200


def note_down(ticket: Ticket, actor: User | None, what: str, before: object = "", after: object = "") -> TicketEvent:
    """`actor`: None for the desk itself. Nothing that a visitor wrote, and no address, belongs here."""
    facts = {"before": str(before)[:LONGEST], "after": str(after)[:LONGEST]}
    return TicketEvent.objects.create(ticket=ticket, actor=actor, what=what, **facts)
