"""What stays: that there was a conversation, how much of it, why it went and when. No word of it, and no name."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Sum
from django.utils import timezone

from chatdesk.models import Conversation, Entry, File, Note
from transcripts.models import Chain, Disposition, Record, Tombstone
from transcripts.proof.canonical import canonical

FOLDER = "tombstones"
AT_ONCE = 1000

log = logging.getLogger(__name__)


def facts_of(conversation: Conversation) -> dict[str, Any]:
    """Numbers and hashes, read before the rows go. Times as RFC 3339, sizes in bytes."""
    files = File.objects.filter(conversation=conversation)
    chain = Chain.objects.filter(conversation=conversation).first()
    first = Entry.objects.filter(conversation=conversation).order_by("seq").values_list("at", flat=True).first()
    return {
        "conversation": conversation.ref,
        "group": conversation.group_id,
        "groups": sorted({conversation.group_id, *conversation.earlier_groups}),
        "button": conversation.button_id,
        "opened": stamp(conversation.created_at),
        "first": stamp(first),
        "last": stamp(conversation.last_at),
        "closed": stamp(conversation.closed_at),
        "entries": conversation.last_seq,
        "notes": Note.objects.filter(conversation=conversation).count(),
        "files": files.count(),
        "bytes": files.aggregate(bytes=Sum("size"))["bytes"] or 0,
        "records": chain.count if chain else Record.objects.filter(conversation=conversation).count(),
        "head": chain.head if chain else "",
    }


def stamp(at: Any) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def place_of(tombstone: Tombstone) -> str:
    """By the month of the end, so that no folder grows without bound."""
    return f"{FOLDER}/{tombstone.destroyed_at:%Y-%m}/{tombstone.ref}.json"


def store_all() -> int:
    """Write those to the storage that are not there yet: from a backup of the database alone they would be missing."""
    unstored = Tombstone.objects.filter(stored_at=None).order_by("pk")
    return sum(_store(each) for each in unstored[:AT_ONCE])


def _store(tombstone: Tombstone) -> bool:
    try:
        _write(place_of(tombstone), canonical(_line(tombstone)))
    except Exception:
        log.exception("tombstone %s could not be stored; it will be tried again", tombstone.pk)
        return False
    return bool(Tombstone.objects.filter(pk=tombstone.pk).update(stored_at=timezone.now()))


def _write(name: str, content: bytes) -> None:
    if not default_storage.exists(name):  # it says the same each time
        default_storage.save(name, ContentFile(content))


def _line(tombstone: Tombstone) -> dict[str, Any]:
    return {
        "destroyed": stamp(tombstone.destroyed_at),
        "facts": tombstone.facts,
        "group": tombstone.group_slug,
        "leaf": tombstone.leaf,
    }


def stored() -> list[str]:
    """The names of all tombstones in the storage."""
    try:
        months = default_storage.listdir(FOLDER)[0]
    except FileNotFoundError:
        return []
    return [f"{FOLDER}/{month}/{name}" for month in sorted(months) for name in _names(month)]


def _names(month: str) -> list[str]:
    return sorted(name for name in default_storage.listdir(f"{FOLDER}/{month}")[1] if name.endswith(".json"))


def ref_of(name: str) -> str:
    return name.rsplit("/", 1)[-1].removesuffix(".json")


def read(name: str) -> dict[str, Any]:
    with default_storage.open(name, "rb") as file:
        found: dict[str, Any] = json.loads(file.read())
    return found


def lay(disposition: Disposition, facts: dict[str, Any], group_slug: str, leaf: int | None) -> Tombstone:
    return Tombstone.objects.create(
        ref=disposition.ref,
        disposition=disposition,
        group_slug=group_slug,
        destroyed_at=disposition.ended_at or timezone.now(),
        facts=facts,
        leaf=leaf,
    )
