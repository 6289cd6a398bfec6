"""Promises to come back to a visitor: made, reminded of, kept, and the contact forgotten in time."""

from tickets.actions.followups.forgetting import forget_due
from tickets.actions.followups.keeping import keep, keep_answered, withdraw
from tickets.actions.followups.promising import Contact, Promise, promise
from tickets.actions.followups.reminding import remind_due
from tickets.actions.followups.revealing import reveal_contact

__all__ = [
    "Contact",
    "Promise",
    "forget_due",
    "keep",
    "keep_answered",
    "promise",
    "remind_due",
    "reveal_contact",
    "withdraw",
]
