"""Envelope senders of ours, one a mail: whatever comes back to it is about exactly that mail (VERP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tickets.composing.keys import base32, from_base32, is_signed, short_mac

PREFIX = "b-"
LASTS = timedelta(days=60)
_OURS = re.compile(r"b-([a-z2-7]{20})-([a-z2-7]{16})", re.IGNORECASE)
_HOUR = 3600


@dataclass(frozen=True)
class Checked:
    """Whose it is: the number of the outgoing mail."""

    number: int


def new_verp(number: int, domain: str, now: datetime | None = None) -> str:
    """The envelope sender of outgoing mail `number`: signed, and believed for 60 days."""
    hours = int((now or timezone.now()).timestamp()) // _HOUR
    name = base32(number.to_bytes(8, "big") + hours.to_bytes(4, "big"))
    return f"{PREFIX}{name}-{short_mac('verp', name)}@{domain}"


def is_verp(address: str) -> bool:
    """Whether it looks like one of ours, of any age and with any signature."""
    return _OURS.fullmatch(_local(address)) is not None


def checked(address: str, now: datetime | None = None) -> Checked | None:
    """The mail that an envelope sender (or its local part) was made for; None if it is forged or older than 60 days."""
    found = _OURS.fullmatch(_local(address))
    if found is None or not is_signed("verp", found[1].lower(), found[2]):
        return None
    data = from_base32(found[1]) or bytes(12)
    age = int((now or timezone.now()).timestamp()) - int.from_bytes(data[8:], "big") * _HOUR
    return Checked(int.from_bytes(data[:8], "big")) if -_HOUR <= age <= LASTS.total_seconds() else None


def _local(address: str) -> str:
    return address.strip().strip("<>").partition("@")[0]
