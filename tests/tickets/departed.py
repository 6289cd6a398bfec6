"""Somebody who left a chat, and what the desk put there for them since."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chatdesk.actions.files import receive
from chatdesk.models import Conversation, File
from tests.factories import Cast, make_conversation, make_entry, make_participant
from tickets.actions import pickup
from tickets.models import PickupBox


def left_chat(cast: Cast) -> Conversation:
    """vera asked, and went without an address."""
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(conversation, "Could you send me the contract?")
    return conversation


def answered(cast: Cast, conversation: Conversation, text: str = "Here it is.") -> File:
    """alice writes, and sends a document."""
    make_entry(conversation, text, cast.alice)
    upload = SimpleUploadedFile("contract.txt", b"The contract.\n", "text/plain")
    entry = receive(conversation, make_participant(conversation, cast.alice), upload, uuid.uuid4().hex)
    conversation.refresh_from_db()
    assert entry.file is not None
    return entry.file


def later(conversation: Conversation, **passed: float) -> None:
    """Move the box's clock: everything about it happened that much earlier."""
    by = timedelta(**passed)
    for row in PickupBox.objects.filter(conversation=conversation):
        row.expires_at -= by
        row.created_at -= by
        row.save()


def secret(conversation: Conversation) -> str:
    return pickup.box_of(conversation).link.rsplit("/", 2)[-2]


def path(conversation: Conversation) -> str:
    return f"/return/{secret(conversation)}/"


def room(conversation: Conversation) -> str:
    return f"/return/conversations/{conversation.ref}/"


def opened(conversation: Conversation) -> Client:
    """A browser that opened the link."""
    client = Client()
    response = client.post(path(conversation))
    assert response.status_code == 302, response.content
    assert response["Location"] == room(conversation)
    return client
