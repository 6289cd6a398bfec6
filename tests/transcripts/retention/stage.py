"""A conversation with everything in it, and ways to let years pass."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from chatdesk.actions.entries import post_entry
from chatdesk.actions.files.storing import place_of
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation, File, Kind
from chatdesk.signals import conversation_closed
from routing.models import Group
from tests.factories import Cast, Guest, make_conversation, make_participant
from transcripts.actions.retaining.running import run
from transcripts.models import RetentionClock, RetentionPolicy

MARKER = "Zwetschgenkuchen"  # in everything that somebody said, and nowhere else
YEAR = 365


def make_full(cast: Cast, guest: Guest | None = None, *, files: int = 1, ended_days_ago: int = 400) -> Conversation:
    """Said, shown, noted, ended: with records and a seal."""
    chat = make_conversation(
        cast.sales_button, guest, cast.alice, name=f"{MARKER} name", email=f"{MARKER.lower()}@visitor.example"
    )
    Conversation.objects.filter(pk=chat.pk).update(question=MARKER, page=f"https://{MARKER}.example/", referrer=MARKER)
    visitor = make_participant(chat)
    post_entry(chat, visitor, f"Is the {MARKER} torn?", client_id="1")
    post_entry(chat, make_participant(chat, cast.alice), f"The {MARKER} is whole.", client_id="2")
    for number in range(files):
        post_file(chat, number)
    store_note(chat.pk, cast.alice, f"Asks about {MARKER}", "n1")
    close(chat)
    age(chat, ended_days_ago)
    chat.refresh_from_db()
    return chat


def post_file(chat: Conversation, number: int = 0) -> File:
    content = f"{MARKER} {number}".encode()
    facts: dict[str, Any] = {"media_type": "text/plain", "size": len(content), "sha256": "ab" * 32}
    file = File.objects.create(conversation=chat, name=f"{MARKER}-{number}.txt", state=File.State.STORED, **facts)
    default_storage.save(place_of(file.key), ContentFile(content))
    post_entry(chat, make_participant(chat), file.name, client_id=f"f{number}", kind=Kind.FILE, file=file)
    return file


def close(chat: Conversation) -> None:
    post_entry(chat, None, "It ended.", kind=Kind.CLOSE)
    Conversation.objects.filter(pk=chat.pk).update(closed_at=timezone.now())
    chat.refresh_from_db()
    conversation_closed.send(None, conversation=chat)


def age(chat: Conversation, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    Conversation.objects.filter(pk=chat.pk).update(closed_at=then, last_at=then, created_at=then)


def policy(group: Group | None = None, **facts: Any) -> RetentionPolicy:
    return RetentionPolicy.objects.create(group=group, **facts)


def after(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def there(key: str) -> bool:
    return default_storage.exists(place_of(key))


def step(days: float) -> int:
    """The job, so many days from now: the clock is believed."""
    RetentionClock.objects.update(seen_at=after(days))
    return run(after(days))
