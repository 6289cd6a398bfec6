"""A mail that is being worked off: read once, with what is known of its sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tickets.actions import names
from tickets.composing.ids import loop_mark
from tickets.models import Held, IncomingMail, MailSettings
from tickets.reading.authenticity import TEMPORARY, prove
from tickets.reading.envelope import Envelope
from tickets.reading.fingerprint import head_of
from tickets.reading.machine import NULL_SENDER, machine_reason
from tickets.reading.message import Message, read

Facts = dict[str, Any]


@dataclass(frozen=True)
class Arrival:
    """`sender` of the envelope: `<>` for the null sender, empty if not known. `machine`: why it is no person's."""

    mail: IncomingMail
    raw: bytes
    message: Message
    sender: str
    machine: str
    proof: str
    why: str

    @property
    def is_sealed(self) -> bool:
        """Whether what it says can't be known here."""
        return self.message.is_encrypted or self.mail.is_cut


def arrival_of(mail: IncomingMail) -> Arrival:
    raw = bytes(mail.raw)
    message = read(raw)
    ours = MailSettings.load()
    sender = _sender(mail)
    envelope = Envelope(mail.via, mail.recipient, mail.envelope_from, mail.client_ip or "", mail.helo, mail.source_key)
    proof = prove(raw, message, envelope, ours.trusted_results, names.lookup)
    machine = machine_reason(message, sender, ours.relay_domain, loop_mark())
    return Arrival(mail, raw, message, sender, machine, proof.state, proof.why)


def is_released(mail: IncomingMail, reason: str) -> bool:
    """Whether a person let the whole mail through that was held for this reason."""
    whole = Held.objects.filter(incoming=mail, part=-1, reason=reason)
    return whole.filter(state=Held.State.RELEASED).exists()


def _sender(mail: IncomingMail) -> str:
    """Only a dialogue tells for sure that there was none: elsewhere the header may say so."""
    told = mail.via == IncomingMail.Via.SMTP
    return mail.envelope_from or (NULL_SENDER if told else "")


def is_undecided(raw: bytes, envelope: Envelope) -> bool:
    """Whether it can't be said just now if it comes from who it says: for those who have to be proven."""
    trusted = MailSettings.load().trusted_results
    return prove(raw, read(head_of(raw)), envelope, trusted, names.lookup).state == TEMPORARY
