"""What a visitor who waits is told, asked and promised."""

from chatdesk.actions.waiting.choices import choose
from chatdesk.actions.waiting.holds import set_hold
from chatdesk.actions.waiting.mails import send_due_notices
from chatdesk.actions.waiting.tending import tend

__all__ = ["choose", "send_due_notices", "set_hold", "tend"]
