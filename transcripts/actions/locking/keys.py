"""The key of a conversation's locked copies: made when first needed, and destroyed with what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.sealing import seal, unseal
from chatdesk.models import Conversation
from transcripts.models import DataKey, LockedCopy
from transcripts.proof.commitment import decoded, encoded
from transcripts.proof.locked import name_of, new_key

State = LockedCopy.State


class NoKey(Exception):
    """There is none, or none that this desk can unseal: what it locked can't be read."""


@transaction.atomic
def key_of(conversation_id: int) -> bytes:
    """The key, made if there is none. Raises NoKey if it can't be unsealed, and Conversation.DoesNotExist."""
    Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)
    if DataKey.objects.filter(pk=conversation_id).exists():
        return known_key(conversation_id)
    key = new_key()
    DataKey.objects.create(conversation_id=conversation_id, name=name_of(key), sealed=seal(encoded(key)))
    return key


def known_key(conversation_id: int | None) -> bytes:
    """Raises NoKey."""
    row = DataKey.objects.filter(pk=conversation_id).first()
    key = decoded(unseal(row.sealed)) if row else b""
    if row is None or name_of(key) != row.name:
        raise NoKey
    return key


@transaction.atomic
def shred(conversation_id: int) -> dict[str, Any]:
    """Destroy the key, in the transaction in which what it locked is deleted: no copy of it can be read from then on.

    What a tombstone says of it: how many copies there are, and until when the last of them is locked; empty if there
    was no key. The caller has locked the conversation.
    """
    copies = LockedCopy.objects.filter(conversation=conversation_id, state=State.KEPT)
    found = copies.aggregate(until=Max("until"))
    count = copies.update(state=State.SHREDDED, ended_at=timezone.now())
    gone, _rows = DataKey.objects.filter(pk=conversation_id).delete()
    return {"copies": count, "until": _stamp(found["until"])} if gone or count else {}


def is_current(conversation_id: int | None, name: str) -> bool:
    return DataKey.objects.filter(Q(pk=conversation_id) & Q(name=name)).exists()


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
