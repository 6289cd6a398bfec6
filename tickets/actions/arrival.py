"""A mail that is being worked off: read once, with what is known of its sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatdesk.hiding import hidden
from chatdesk.sensitive.results import What
from tickets.actions import names
from tickets.composing.ids import loop_mark
from tickets.composing.unkept import without
from tickets.models import Held, IncomingMail, MailSettings
from tickets.reading.authenticity import TEMPORARY, Proof, prove
from tickets.reading.envelope import Envelope
from tickets.reading.fingerprint import head_of
from tickets.reading.machine import NULL_SENDER, machine_reason
from tickets.reading.message import Message, read

Facts = dict[str, Any]
HIDDEN, PROOF, WHY = "hidden", "proof", "why"  # in IncomingMail.facts, once its bytes were written anew


@dataclass(frozen=True)
class Arrival:
    """`sender` of the envelope: `<>` for the null sender, empty if not known. `machine`: why it is no person's.

    `hidden`: what of it is never stored; `message` is without that, `raw` as it was kept.
    """

    mail: IncomingMail
    raw: bytes
    message: Message
    sender: str
    machine: str
    proof: str
    why: str
    hidden: frozenset[What] = frozenset()

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
    proof = _proof_before(mail) or prove(raw, message, envelope, ours.trusted_results, names.lookup)
    machine = machine_reason(message, sender, ours.relay_domain, loop_mark())
    shown, unkept = _without_hidden(message)
    known = frozenset(What(each) for each in mail.facts.get(HIDDEN, ()))
    return Arrival(mail, raw, shown, sender, machine, proof.state, proof.why, unkept | known)


def _without_hidden(message: Message) -> tuple[Message, frozenset[What]]:
    found: set[What] = set()

    def hide(text: str) -> str:
        masked = hidden(text)
        found.update(masked.hidden)
        return masked.text

    return without(message, hide), frozenset(found)


def _proof_before(mail: IncomingMail) -> Proof | None:
    """What was found out about its sender while its bytes were as they came; None if they still are."""
    return Proof(mail.facts[PROOF], mail.facts.get(WHY, "")) if HIDDEN in mail.facts else None


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
