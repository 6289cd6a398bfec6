"""Conversations as they really come about: by the actions, with their records."""

from __future__ import annotations

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.models import Conversation, Entry
from tests.factories import Cast, make_conversation, make_participant

EMAIL = "vera@home.test"


def talk(cast: Cast, *texts: str, files: int = 0, email: str = EMAIL) -> Conversation:
    """vera and alice in turn; then alice sends files."""
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice, name="Vera", email=email)
    for place, text in enumerate(texts or ("Good morning", "How can I help?")):
        say(chat, text, cast.alice if place % 2 else None)
    for number in range(1, files + 1):
        upload = SimpleUploadedFile(f"offer-{number}.txt", f"Offer {number}.\n".encode(), "text/plain")
        receive(chat, make_participant(chat, cast.alice), upload, uuid.uuid4().hex)
    chat.refresh_from_db()
    return chat


def say(chat: Conversation, text: str, author: User | None = None) -> Entry:
    return post_entry(chat, make_participant(chat, author), text, uuid.uuid4().hex)


def ended(cast: Cast, *texts: str, files: int = 0) -> Conversation:
    chat = talk(cast, *texts, files=files)
    close_by_visitor(chat.pk)
    chat.refresh_from_db()
    return chat
