"""Telling a sender, once, what became of their mail."""

from __future__ import annotations

from django.db import transaction

from chatdesk.models import Conversation
from tickets.actions import outbox
from tickets.models import Correspondent, IncomingMail, OutgoingMail

NOTICE = OutgoingMail.Kind.NOTICE


def notify(mail: IncomingMail, writer: Correspondent, template: str) -> OutgoingMail | None:
    """A notice by the template of that kind; None if it was given before, or mail is off."""
    if not outbox.is_on():
        return None
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=writer.conversation_id)
        given = OutgoingMail.objects.filter(conversation=writer.conversation_id, kind=NOTICE, facts__mail=mail.pk)
        if given.filter(facts__template=template).exists():
            return None
        facts = {"template": template, "mail": mail.pk}
        return outbox.queue(NOTICE, conversation=writer.conversation, to=writer, facts=facts)
