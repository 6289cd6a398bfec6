"""The desk's signing key: made at first need, kept sealed, changed by hand with the old one vouching for the new."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.sealing import seal, unseal
from transcripts.models import LogKey, LogState
from transcripts.proof import keys
from transcripts.proof.commitment import decoded, encoded
from transcripts.proof.keys import PublicKey

log = logging.getLogger("chatdesk.proof")


def public_keys() -> list[PublicKey]:
    """All keys that there were, from the first to the newest."""
    rows = LogKey.objects.order_by("pk")
    return [PublicKey(row.key, row.public, row.said_at, row.previous, row.endorsement) for row in rows]


def private_key() -> tuple[str, bytes]:
    """The name of the newest key and its private half; a new key if there is none, or none that can be unsealed."""
    row = LogKey.objects.order_by("pk").last()
    private = _private(row)
    if row and private:
        return row.key, private
    if row:
        log.error("The signing key %s can't be unsealed with this SECRET_KEY; a new one follows it unsigned.", row.key)
    return _introduce(row)


@transaction.atomic
def change_key(actor: User) -> str:
    """A new key from now on, signed by the one before it, whose private half is forgotten. Its name; audited."""
    LogState.objects.select_for_update().first()  # one change at a time
    row = LogKey.objects.order_by("pk").last()
    name, _ = _introduce(row)
    LogKey.objects.exclude(key=name).update(sealed="")
    record("setting.change", actor=actor, before={"key": row.key if row else ""}, after={"key": name})
    return name


def _introduce(before: LogKey | None) -> tuple[str, bytes]:
    private = keys.new_private()
    known = keys.introduced(
        keys.public_of(private), moment(timezone.now()), before.key if before else "", _private(before)
    )
    LogKey.objects.create(
        key=known.key,
        public=known.public,
        said_at=known.at,
        previous=known.previous,
        endorsement=known.endorsement,
        sealed=seal(encoded(private)),
    )
    return known.key, private


def _private(row: LogKey | None) -> bytes | None:
    return decoded(unseal(row.sealed)) or None if row else None


def moment(at: datetime) -> str:
    """UTC with microseconds, always 27 characters."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
