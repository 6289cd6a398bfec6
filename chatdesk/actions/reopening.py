"""Taking a conversation up again that had ended: by a mail that comes later, or by the return link."""

from __future__ import annotations

from django.utils.functional import Promise

from chatdesk.actions.entries import post_entry
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind
from chatdesk.realtime import publish
from chatdesk.signals import conversation_reopened
from routing.locks import deciding


def reopen(conversation: Conversation, words: Promise) -> bool:
    """It stands among the messages to be answered from now on, and `words` say why. False if it had not ended."""
    with deciding():
        ended = Conversation.objects.filter(pk=conversation.pk, closed_at__isnull=False)
        if not ended.update(closed_at=None, hidden_at=None):
            return False
        conversation.refresh_from_db(fields=["closed_at", "request"])
        conversation_reopened.send(None, conversation=conversation)
        post_entry(conversation, None, for_everybody(words), kind=Kind.NOTICE)
        publish("state", conversation.pk)
        return True
