"""What a waiting visitor can be offered."""

from __future__ import annotations

from django.conf import settings

from chatdesk.models import Conversation
from routing.models import Group

UNSENT = ("django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend")


def can_tell_by_mail(group: Group) -> bool:
    """Whether a mail would leave this desk at all, and the group offers it."""
    return group.offers_mail and settings.EMAIL_BACKEND not in UNSENT


def choices(conversation: Conversation, somebody_there: bool = True) -> list[str]:
    """What the visitor may choose just now, of wait, message and mail. `choice` and `mail_notice` are looked at.

    Who left a message may wait again once somebody is there.
    """
    if conversation.standing == "message":
        asks_mail = can_tell_by_mail(conversation.group) and not hasattr(conversation, "mail_notice")
        return ["wait"] * somebody_there + ["mail"] * asks_mail
    if conversation.standing != "waiting" or not _asked(conversation):
        return []
    return ["wait", "message", "mail"] if can_tell_by_mail(conversation.group) else ["wait", "message"]


def _asked(conversation: Conversation) -> bool:
    """Asked in this wait; what was asked before a transfer counts no longer."""
    offered = conversation.choice.offered_at if hasattr(conversation, "choice") else None
    return offered is not None and offered >= conversation.request.waiting_since
