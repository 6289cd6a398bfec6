"""A conversation's pick-up box: made once, opened by a link or by eight words, for a time."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.sealing import seal, unseal
from chatdesk.models import Conversation, Participant
from chatdesk.querysets import last_of_operators
from tickets.composing import keys
from tickets.composing.eightwords import new_words
from tickets.models import MailSettings, PickupBox

SECRET_BYTES = 32
LINK, WORDS = "pickup-link", "pickup-words"


class Standing(StrEnum):
    """How a box stands: something waits in it, it was collected, nothing was left in it yet, or it opens no more."""

    WAITING = "waiting"
    COLLECTED = "collected"
    EMPTY = "empty"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Box:
    """`link` and `words` are secrets that open it; empty for a box that opens no more."""

    link: str
    words: str
    expires_at: datetime
    state: Standing
    row: PickupBox

    @property
    def is_open(self) -> bool:
        return bool(self.link)


def box_of(conversation: Conversation) -> Box:
    """The conversation's box, made if there is none. What expired or was revoked stays so: see `living_box`."""
    return look_at(_row(conversation))


def living_box(conversation: Conversation) -> Box:
    """A box that opens: with a new link and new words if the former ones open no more."""
    row = _row(conversation)
    box = look_at(row)
    return box if box.is_open else look_at(renew(row))


def look_at(row: PickupBox, now: datetime | None = None) -> Box:
    state = standing_of(row, now or timezone.now())
    kept = secrets_of(row) if state not in (Standing.EXPIRED, Standing.REVOKED) else {}
    secret = kept.get("secret", "")
    return Box(link_of(secret) if secret else "", kept.get("words", ""), row.expires_at, state, row)


def standing_of(row: PickupBox, now: datetime) -> Standing:
    if row.revoked_at is not None:
        return Standing.REVOKED
    if row.expires_at <= now:
        return Standing.EXPIRED
    if _last_answer(row) > max(row.collected_seq, _read_by_visitor(row)):
        return Standing.WAITING
    return Standing.COLLECTED if row.collected_at else Standing.EMPTY


def link_of(secret: str) -> str:
    """The full address below settings.SITE_URL, never from a Host header."""
    return f"{settings.SITE_URL}{reverse('tickets:return-door', args=[secret])}"


def secrets_of(row: PickupBox) -> dict[str, str]:
    """`secret` and `words`; nothing if they were sealed with a key that this desk no longer has."""
    kept = unseal(row.sealed)
    return dict(json.loads(kept)) if kept else {}


def renew(row: PickupBox) -> PickupBox:
    """Another link and other words, for the whole time again; the former ones are dead."""
    for name, value in _fresh().items():
        setattr(row, name, value)
    row.revoked_at = None
    row.save()
    return row


def of_secret(secret: str) -> PickupBox | None:
    return _found("secret_hash", LINK, secret)


def of_words(words: str) -> PickupBox | None:
    """`words` as eightwords.read_words answers them."""
    return _found("words_hash", WORDS, words) if words else None


def lifetime() -> timedelta:
    return timedelta(days=MailSettings.load().return_days)


def _row(conversation: Conversation) -> PickupBox:
    found = PickupBox.objects.filter(conversation=conversation).first()
    return found or PickupBox.objects.get_or_create(conversation=conversation, defaults=_fresh())[0]


def _fresh() -> dict[str, Any]:
    secret, words = secrets.token_urlsafe(SECRET_BYTES), new_words()
    return {
        "secret_hash": keys.mac(LINK, secret).hex(),
        "words_hash": keys.mac(WORDS, words).hex(),
        "sealed": seal(json.dumps({"secret": secret, "words": words})),
        "sealed_code": "",
        "expires_at": timezone.now() + lifetime(),
    }


def _found(field: str, purpose: str, value: str) -> PickupBox | None:
    hashes = [keys.mac(purpose, value, each).hex() for each in keys.secrets()]
    rows = PickupBox.objects.select_related("conversation__visitor", "conversation__group", "conversation__button")
    return rows.filter(Q(**{f"{field}__in": hashes})).first()


def _last_answer(row: PickupBox) -> int:
    return last_of_operators(row.conversation_id).values_list("seq", flat=True).first() or 0


def _read_by_visitor(row: PickupBox) -> int:
    part = Participant.objects.filter(conversation=row.conversation_id, user=None)
    return part.values_list("read_seq", flat=True).first() or 0
