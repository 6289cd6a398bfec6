"""Whether who wrote to a token address is who is expected there."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.actions.correspondents import address_hash
from tickets.models import Correspondent, Held
from tickets.reading.message import Mailbox, Message

PROVEN, TEMPORARY = "proven", "temporary"


@dataclass(frozen=True)
class Standing:
    """`held`: the reason to hold the mail, a value of Held.Reason, or empty. `waits`: ask again later."""

    held: str = ""
    is_unproven: bool = False
    waits: bool = False


def sender_of(message: Message) -> Mailbox | None:
    """The one address that the mail is from; None for several, for none, and for one in doubt (CVE-2023-27043)."""
    if len(message.senders) != 1 or not message.senders[0].is_sound:
        return None
    return message.senders[0]


def standing(correspondent: Correspondent, message: Message, state: str) -> Standing:
    """`state`: of the proof (proven, unproven, failed, temporary)."""
    if not _is_expected(correspondent, message):
        return Standing(held=Held.Reason.NEW_SENDER, is_unproven=state != PROVEN)
    if correspondent.side != Correspondent.Side.OPERATOR:
        return Standing(is_unproven=state != PROVEN or sender_of(message) is None)
    if state == TEMPORARY:
        return Standing(waits=True)
    return Standing() if state == PROVEN else Standing(held=Held.Reason.SPOOFED, is_unproven=True)


def _is_expected(correspondent: Correspondent, message: Message) -> bool:
    """Somebody who only names the expected address beside others is let in as unproven, as a visitor may be."""
    sender = sender_of(message)
    if sender is not None:
        return address_hash(sender.address) == correspondent.address_hash
    if correspondent.side == Correspondent.Side.OPERATOR:
        return False
    return correspondent.address_hash in {address_hash(each.address) for each in message.senders if each.address}
