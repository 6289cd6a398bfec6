"""Where in the storage something of a conversation is."""

from __future__ import annotations

import hashlib

from chatdesk.actions.files.storing import place_of
from chatdesk.actions.files.vanishing import is_there, vanish
from chatdesk.models import Conversation, File


def places_of(conversation: Conversation) -> list[str]:
    """Names in the default storage."""
    keys = File.objects.filter(conversation=conversation).order_by("pk").values_list("key", flat=True)
    return [place_of(key) for key in keys]


def empty(conversation: Conversation) -> list[dict[str, object]]:
    """Delete all of it, each version, and look. What was done, by a hash of the name: it may be known elsewhere.

    Raises StillThere, and the storage's own errors.
    """
    return [_emptied(name) for name in places_of(conversation)]


def mark_missing(conversation: Conversation) -> int:
    """Files whose bytes went before a hold came between: their rows say so. How many."""
    stored = File.objects.filter(conversation=conversation, state=File.State.STORED)
    gone = [file.pk for file in stored if not is_there(place_of(file.key))]
    return File.objects.filter(pk__in=gone).update(state=File.State.ERASED)


def _emptied(name: str) -> dict[str, object]:
    return {"object": hashlib.sha256(name.encode()).hexdigest(), "versions": vanish(name).versions}
