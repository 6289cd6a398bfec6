"""What an address of ours stands for."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.actions import correspondents
from tickets.composing import tokens, verp
from tickets.memory import remembered
from tickets.models import Correspondent, ForwardingAddress, MailSettings
from tickets.reading.addresses import normal

DROP = "log"  # a local part in the relay domain
ALWAYS_TAKEN = ("postmaster", "abuse")  # RFC 5321, 4.5.1; RFC 2142


@dataclass(frozen=True)
class Token:
    """A participant's own address in one conversation; who writes to it is expected to be them."""

    correspondent: Correspondent

    @property
    def is_revoked(self) -> bool:
        return self.correspondent.revoked_at is not None


@dataclass(frozen=True)
class Forwarding:
    address: ForwardingAddress


@dataclass(frozen=True)
class Verp:
    """The return path of one mail that we sent, or of one that was sent too long ago or never (number None)."""

    number: int | None


@dataclass(frozen=True)
class BccDrop:
    """Where people of the desk let mail be logged that happened outside."""


@dataclass(frozen=True)
class Archive:
    """What the silent copies of a conversation bear as their sender: answers are kept, and go to nobody in it."""

    conversation_ref: str


@dataclass(frozen=True)
class Nowhere:
    pass


Destination = Token | Forwarding | Verp | BccDrop | Archive | Nowhere


def destination(recipient: str) -> Destination:
    """What the envelope recipient stands for, in any case and spelling of it."""
    address = normal(recipient)
    forwarding = _forwarding(address)
    if forwarding is not None:
        return Forwarding(forwarding)
    local, _at, domain = address.rpartition("@")
    if not (local and domain) or domain != relay_domain():
        return Nowhere()
    return _in_relay_domain(local, address)


def relay_domain() -> str:
    return MailSettings.load().relay_domain.strip().lower()


def forwarding_addresses() -> frozenset[str]:
    """All that are taken just now, in small letters."""
    return remembered(forwarding_addresses, _forwarding_addresses)


def _forwarding_addresses() -> frozenset[str]:
    addresses = ForwardingAddress.objects.filter(is_active=True).values_list("address", flat=True)
    return frozenset(address.lower() for address in addresses)


def _forwarding(address: str) -> ForwardingAddress | None:
    if address.lower() not in forwarding_addresses():
        return None
    return remembered((_forwarding_now, address), lambda: _forwarding_now(address))


def _forwarding_now(address: str) -> ForwardingAddress | None:
    rows = ForwardingAddress.objects.select_related("group", "button").filter(is_active=True)
    return rows.filter(address__iexact=address).first()


def _in_relay_domain(local: str, address: str) -> Destination:
    correspondent = correspondents.find(local)
    if correspondent is not None:
        return Token(correspondent)
    if verp.is_verp(address):
        checked = verp.checked(address)
        return Verp(checked.number if checked else None)
    archived = tokens.archived_conversation(local)
    if archived is not None:
        return Archive(archived)
    if local in ALWAYS_TAKEN:
        return _postmaster(address)
    return BccDrop() if local == DROP else Nowhere()


def _postmaster(address: str) -> Destination:
    """Who has any address of a domain answers for its postmaster."""
    domain = address.rpartition("@")[2]
    rows = ForwardingAddress.objects.select_related("group", "button").filter(is_active=True)
    ours = rows.filter(address__iendswith=f"@{domain}").order_by("pk").first()
    return Forwarding(ours) if ours else Nowhere()
