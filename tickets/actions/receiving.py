"""Keeping a mail: one committed row with its bytes and its envelope, before anybody is told that it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from tickets.actions.correspondents import address_hash
from tickets.actions.knowing import forgotten_id
from tickets.models import IncomingMail
from tickets.reading.addresses import normal
from tickets.reading.envelope import Envelope
from tickets.reading.fingerprint import fingerprint
from tickets.reading.mailboxes import mailboxes

MEGABYTE = 1_000_000
LONGEST_ADDRESS = 320


@dataclass(frozen=True)
class Kept:
    mail: IncomingMail
    is_new: bool


def keep(raw: bytes, envelope: Envelope, *, whole_size: int | None = None) -> Kept:
    """Commit the mail as it came; the row that was there if it came before, by whichever way.

    `whole_size`: the mail's size in bytes when `raw` is its header alone, because it is too large. To be called
    outside a transaction. Raises django.db.DatabaseError when nothing was kept.
    """
    facts = _facts(raw, envelope) | {"size": whole_size or len(raw), "is_cut": whole_size is not None}
    earlier = _earlier(facts)
    if earlier is not None:
        return Kept(earlier, is_new=False)
    try:
        with transaction.atomic(durable=True):
            return Kept(IncomingMail.objects.create(raw=raw, **facts), is_new=True)
    except IntegrityError:
        twin = _earlier(facts)
        if twin is None:
            raise
        return Kept(twin, is_new=False)


def _facts(raw: bytes, envelope: Envelope) -> dict[str, Any]:
    mark = fingerprint(raw)
    return {
        "via": envelope.via,
        "recipient": _storable(normal(envelope.recipient), LONGEST_ADDRESS),
        "envelope_from": _storable(normal(envelope.sender), LONGEST_ADDRESS),
        "client_ip": _ip(envelope.client_ip),
        "helo": _storable(envelope.helo, 255),
        "source_key": envelope.source_key,
        "sender_hash": _sender_hash(mark.sender, envelope.sender),
        "message_id": mark.message_id,
        "digest": mark.digest,
    }


def _earlier(facts: dict[str, Any]) -> IncomingMail | None:
    ids = {facts["message_id"], forgotten_id(facts["message_id"])}
    same = Q(recipient=facts["recipient"], message_id__in=ids, digest=facts["digest"])
    if facts["source_key"]:
        same |= Q(via=facts["via"], source_key=facts["source_key"])
    return IncomingMail.objects.defer("raw").filter(same).order_by("pk").first()


def _storable(text: str, most: int) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:most]


def _ip(address: str) -> str | None:
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def _sender_hash(written: str, told: str) -> str:
    """Whose mails are counted together: those of the address in From, or of the envelope where From is in doubt."""
    senders = [each for each in mailboxes(written) if each.is_sound]
    address = senders[0].address if len(senders) == 1 else told
    return address_hash(address) if address else ""
