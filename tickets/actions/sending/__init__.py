"""Handing queued mails to the servers that carry them on."""

from tickets.actions.sending.again import resend
from tickets.actions.sending.sweep import send_due

__all__ = ["resend", "send_due"]
