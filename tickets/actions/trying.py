"""A template, sent to the admin who wrote it."""

from __future__ import annotations

from accounts.models import User
from tickets.actions.outbox import queue
from tickets.models import MailTemplate, OutgoingMail


def send_trial(user: User, template: MailTemplate) -> OutgoingMail:
    """Queue it to the person's own address, filled with samples. Raises outbox.MailOff."""
    words = {"subject": template.subject, "body": template.body, "html": template.html}
    facts = {"language": template.language, "trial": words}
    return queue(OutgoingMail.Kind.NOTICE, conversation=None, address=user.email, facts=facts)
