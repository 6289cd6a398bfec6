"""Whether a mail comes from who it says (RFC 7489): by what our own server found out, or else by looking ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tickets.reading.addresses import domain_of
from tickets.reading.alignment import Alignment, alignment_of
from tickets.reading.authresults import verdict
from tickets.reading.dkimcheck import Signature, checked, signatures
from tickets.reading.dnstypes import Dns, NoAnswer
from tickets.reading.envelope import Envelope
from tickets.reading.message import Message
from tickets.reading.spfcheck import has_spf, spf

__all__ = ["FAILED", "PROVEN", "TEMPORARY", "UNPROVEN", "Dns", "NoAnswer", "Proof", "prove"]

PROVEN, UNPROVEN, FAILED, TEMPORARY = "proven", "unproven", "failed", "temporary"
MOST_SIGNATURES = 3  # of the sender's own domain: each costs a question and a calculation

Step = Callable[[], str]


@dataclass(frozen=True)
class Proof:
    """`state`: proven, unproven, failed or temporary; `why` in a few words without addresses."""

    state: str
    why: str = ""


def prove(raw: bytes, message: Message, envelope: Envelope, trusted_results: str, dns: Dns | None) -> Proof:
    """Whether the address in From is its sender's. Reply-To and Sender say nothing about that.

    `trusted_results`: the authserv-id of our own server; a mail that came straight from a stranger can't have its word
    on it. `dns`: asks name servers, and raises NoAnswer when they don't answer; without it nothing is looked up.
    Never raises.
    """
    domain = _domain(message)
    if not domain:
        return Proof(UNPROVEN, "no clear sender")
    if trusted_results and not (envelope.via == "smtp" and envelope.client_ip):
        told = verdict(message.headers, trusted_results, domain)
        if told:
            return Proof(told, "by our server")
    if dns is None:
        return Proof(UNPROVEN, "not looked up")
    try:
        return _looked_up(raw, envelope, domain, dns)
    except NoAnswer:
        return Proof(TEMPORARY, "name servers do not answer")


def _domain(message: Message) -> str:
    """Of the only address in the only From field; empty if there is any doubt about it (CVE-2023-27043)."""
    if len(message.header("From")) != 1 or len(message.senders) != 1 or not message.senders[0].is_sound:
        return ""
    return domain_of(message.senders[0].address)


def _looked_up(raw: bytes, envelope: Envelope, domain: str, dns: Dns) -> Proof:
    found = signatures(raw)
    if not found and not has_spf(envelope):
        return Proof(UNPROVEN, "no signature")
    alignment = alignment_of(domain, dns)
    results = list(_results(raw, envelope, alignment, found, dns))
    for state in (PROVEN, TEMPORARY, FAILED):
        why = next((why for why, result in results if result == state), "")
        if why:
            return Proof(state, why)
    return Proof(FAILED if alignment.is_strict_policy else UNPROVEN, "no aligned proof")


def _results(
    raw: bytes, envelope: Envelope, alignment: Alignment, found: list[Signature], dns: Dns
) -> Iterator[tuple[str, str]]:
    """Of each way to prove it, until one does."""
    own = [each for each in found if alignment.holds(each.domain, strict=alignment.strict_dkim)]
    for signature in own[:MOST_SIGNATURES]:
        state = _settled(lambda each=signature: checked(raw, each, dns))  # type: ignore[misc]
        yield "DKIM", state
        if state == PROVEN:
            return
    sender = domain_of(envelope.sender)
    if has_spf(envelope) and alignment.holds(sender, strict=alignment.strict_spf):
        yield "SPF", _settled(lambda: spf(envelope, dns))


def _settled(step: Step) -> str:
    """One way that can't be decided just now does not keep another from proving it."""
    try:
        return step()
    except NoAnswer:
        return TEMPORARY
