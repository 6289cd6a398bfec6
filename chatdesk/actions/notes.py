"""Internal remarks. They have a table, numbers and a path of their own: nothing here touches an entry."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from chatdesk.actions.entries import checked_body
from chatdesk.models import Conversation, Note
from chatdesk.permissions import conversation_for_operator
from chatdesk.realtime import publish
from chatdesk.signals import note_stored
from chatdesk.sitelimits import site_settings

LONGEST_NOTE = 2000  # characters, of a note that goes with a transfer or an invitation


def post_note(user: User, ref: str, body: str, client_id: str) -> Note:
    """A remark by somebody who may see the conversation, open or closed. Raises Refused (unknown, empty, too long).

    The same client id by the same person again answers the first note.
    """
    conversation = conversation_for_operator(user, ref)
    return store_note(conversation.pk, user, checked_body(body, site_settings().message_limit), client_id)


def store_note(conversation_id: int, author: User, body: str, client_id: str, kind: Note.Kind = Note.Kind.NOTE) -> Note:
    """Number and store a checked remark, and tell of it on commit."""
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        earlier = Note.objects.filter(conversation=conversation, author=author, client_id=client_id).first()
        if earlier is not None:
            return earlier
        conversation.last_note += 1
        conversation.save(update_fields=["last_note"])
        publish("note", conversation.pk, conversation.last_note)
        note = Note.objects.create(
            conversation=conversation,
            number=conversation.last_note,
            kind=kind,
            author=author,
            body=body,
            after_seq=conversation.last_seq,
            client_id=client_id,
        )
        note_stored.send(None, note=note)
        return note
