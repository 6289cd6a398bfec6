"""What becomes of one mail: a bounce, a machine's word, something held, or an entry with its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import override

from chatdesk.models import Entry
from tickets.actions import destinations, outbox, selftest
from tickets.actions.attachments import Shelf, put_all
from tickets.actions.filing import Place, answered, content_id, file, place_of
from tickets.actions.holding import hold
from tickets.actions.letters import Words, words_of
from tickets.actions.maskrules import rules_for
from tickets.actions.notifying import notify
from tickets.actions.standing import Standing, standing
from tickets.actions.threads import Route, route
from tickets.models import Correspondent, Held, IncomingMail, MailSettings, MailTemplate
from tickets.reading import authenticity, bounces
from tickets.reading.envelope import Envelope
from tickets.reading.machine import machine_reason
from tickets.reading.message import Message, read

Facts = dict[str, Any]
Template = MailTemplate.Kind


class Waits(Exception):
    """It can't be decided just now: ask again later."""


@dataclass(frozen=True)
class Arrival:
    """A mail, read once."""

    mail: IncomingMail
    raw: bytes
    message: Message
    machine: str
    proof: str
    why: str

    @property
    def is_sealed(self) -> bool:
        """Whether what it says can't be known here."""
        return self.message.is_encrypted or self.mail.is_cut


def arrive(mail: IncomingMail) -> Facts:
    """Do all that the mail asks for; what is to be remembered of it, without anybody's text or address.

    Raises Waits, Refused, and the errors of database and storage; then nothing is lost and all of it can be repeated.
    """
    with override(settings.LANGUAGE_CODE):  # what is said here is read by people of several languages
        return _arrive(_read(mail))


def _arrive(arrival: Arrival) -> Facts:
    place = destinations.destination(arrival.mail.recipient)
    if isinstance(place, destinations.Token | destinations.Forwarding):
        return _correspond(arrival, place)
    return _keep_apart(arrival, place)


def _read(mail: IncomingMail) -> Arrival:
    raw = bytes(mail.raw)
    message = read(raw)
    ours = MailSettings.load()
    envelope = Envelope(mail.via, mail.recipient, mail.envelope_from, mail.client_ip or "", mail.helo, mail.source_key)
    proof = authenticity.prove(raw, message, envelope, ours.trusted_results, None)
    machine = machine_reason(message, mail.envelope_from, ours.relay_domain, "")
    return Arrival(mail, raw, message, machine, proof.state, proof.why)


def _keep_apart(arrival: Arrival, place: destinations.Destination) -> Facts:
    """What is nobody's correspondence."""
    if _is_own_test(arrival, place):
        return {"place": "selftest", "machine": arrival.machine}
    bounce = bounces.bounce_of(arrival.message, arrival.mail.envelope_from)
    if isinstance(place, destinations.Nowhere) and bounce is None:
        hold(Held.Reason.NEW_SENDER, incoming=arrival.mail, detail="no address of ours")
    return {"place": type(place).__name__.lower(), "machine": arrival.machine}


def _is_own_test(arrival: Arrival, place: destinations.Destination) -> bool:
    number = place.number if isinstance(place, destinations.Verp) else None
    return number is not None and selftest.take_back(number, arrival.message, arrival.mail.envelope_from)


def _correspond(arrival: Arrival, place: destinations.Token | destinations.Forwarding) -> Facts:
    way = route(place, arrival.message, arrival.proof)
    if way.correspondent is not None:
        stands = standing(way.correspondent, arrival.message, arrival.proof)
        if stands.waits:
            raise Waits
        if stands.held or way.correspondent.revoked_at is not None:
            return _held(arrival, way.correspondent, stands.held or Held.Reason.NEW_SENDER)
        return _filed(arrival, way, stands)
    return _filed(arrival, way, Standing(is_unproven=arrival.proof != "proven"))


def _held(arrival: Arrival, correspondent: Correspondent, reason: str) -> Facts:
    conversation = correspondent.conversation
    IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=conversation)
    held = hold(reason, conversation=conversation, incoming=arrival.mail, detail=arrival.why)
    return {"held": [held.pk], "proof": arrival.proof, "machine": arrival.machine}


def _filed(arrival: Arrival, way: Route, stands: Standing) -> Facts:
    place = place_of(arrival.mail, arrival.message, way)
    rules = rules_for(place.conversation, None)
    words = words_of(arrival.message, arrival.mail, rules)
    words.letter["remarks"] += way.remarks
    flags = _flags(arrival, stands) | {"addressee": answered(arrival.message, place)}
    entry = file(arrival.mail, place, words, flags)
    shelf = Shelf(place.conversation, place.participant, entry, arrival.mail, content_id(arrival.mail))
    files = put_all(shelf, () if arrival.is_sealed else arrival.message.files, rules)
    _keep_back(arrival, place, entry, words)
    _answer(arrival, place, way)
    return {"proof": arrival.proof, "machine": arrival.machine, "related": list(way.related), "files": files}


def _flags(arrival: Arrival, stands: Standing) -> Facts:
    return {"is_machine": arrival.machine != "", "is_unproven": stands.is_unproven}


def _keep_back(arrival: Arrival, place: Place, entry: Entry, words: Words) -> None:
    about: Facts = {"conversation": place.conversation, "incoming": arrival.mail, "entry": entry}
    if words.written:
        hold(Held.Reason.ADDRESS_WRITTEN, **about)
    if arrival.message.is_encrypted:
        hold(Held.Reason.LOCKED, **about)


def _answer(arrival: Arrival, place: Place, way: Route) -> None:
    """What a person is told by mail: that it can't be passed on, or once, to who has just begun, that it is here."""
    if place.writer is None or arrival.machine:
        return
    if arrival.is_sealed:
        notify(arrival.mail, place.writer, Template.ENCRYPTED if arrival.message.is_encrypted else Template.TOO_LARGE)
    elif way.address is not None and way.address.acknowledges:
        outbox.acknowledge(arrival.mail, place.writer)
