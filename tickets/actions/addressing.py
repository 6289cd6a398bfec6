"""Which of our addresses a mail was for that came without an envelope: from a mailbox, or a provider."""

from __future__ import annotations

from collections.abc import Sequence

from tickets.actions.destinations import Forwarding, Nowhere, destination
from tickets.reading.addresses import normal
from tickets.reading.message import Message

DELIVERY = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To")
MOST = 50


def recipient_of(message: Message, mailbox: str) -> str:
    """A token address it names; else the mailbox's own address if it names that; else another of ours; else `mailbox`.

    So the copy of a mail that came by SMTP has the same recipient here, and is known.
    """
    named = _named(message)
    places = {address: destination(address) for address in named}
    ours = [address for address, place in places.items() if not isinstance(place, Nowhere)]
    personal = [address for address in ours if not isinstance(places[address], Forwarding)]
    if personal:
        return personal[0]
    if normal(mailbox) in named:
        return normal(mailbox)
    return ours[0] if ours else normal(mailbox)


def _named(message: Message) -> Sequence[str]:
    delivered = [normal(value) for name in DELIVERY for value in message.header(name)]
    written = [normal(each.address) for each in (*message.to, *message.cc)]
    return list(dict.fromkeys(address for address in (*delivered, *written) if "@" in address))[:MOST]
