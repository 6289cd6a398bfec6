"""What becomes of one mail: a bounce, a machine's word, something held, or an entry with its files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import override

from tickets.actions import destinations, selftest
from tickets.actions.arrival import Arrival
from tickets.actions.delivering import deliver
from tickets.actions.holding import hold
from tickets.actions.standing import Standing, standing
from tickets.actions.threads import route
from tickets.models import Correspondent, Held, IncomingMail, MailSettings, MailTemplate
from tickets.reading import authenticity, bounces
from tickets.reading.envelope import Envelope
from tickets.reading.machine import machine_reason
from tickets.reading.message import read

Facts = dict[str, Any]
Template = MailTemplate.Kind


class Waits(Exception):
    """It can't be decided just now: ask again later."""


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
        return deliver(arrival, way, stands)
    return deliver(arrival, way, Standing(is_unproven=arrival.proof != "proven"))


def _held(arrival: Arrival, correspondent: Correspondent, reason: str) -> Facts:
    conversation = correspondent.conversation
    IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=conversation)
    held = hold(reason, conversation=conversation, incoming=arrival.mail, detail=arrival.why)
    return {"held": [held.pk], "proof": arrival.proof, "machine": arrival.machine}
