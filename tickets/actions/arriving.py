"""What becomes of one mail: a bounce, a machine's word, something held, or an entry with its files."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils.translation import override

from chatdesk.models import Conversation
from tickets.actions import destinations
from tickets.actions.admitting import Waits, held_for, let_in
from tickets.actions.arrival import Arrival, Facts, arrival_of
from tickets.actions.delivering import Delivery, deliver, prepared
from tickets.actions.flooding import FLOOD, folded, is_flooding
from tickets.actions.holding import hold
from tickets.actions.logging_drop import log
from tickets.actions.loops import set_apart
from tickets.actions.noting import HELD, note_once
from tickets.actions.reports import taken_as_report, writer_at
from tickets.actions.standing import PROVEN, Standing, standing
from tickets.actions.threads import route
from tickets.actions.unkept import settle
from tickets.models import Correspondent, Held, IncomingMail

__all__ = ["Delivery", "Waits", "arrive", "consider"]


def arrive(mail: IncomingMail) -> Facts:
    """Do all that the mail asks for; what is to be remembered of it, without anybody's text or address.

    Raises Waits, Refused, and the errors of database and storage; then nothing is lost and all of it can be repeated.
    """
    with override(settings.LANGUAGE_CODE):  # what is said here is read by people of several languages
        considered = _settled(arrival_of(mail))
        return deliver(considered) if isinstance(considered, Delivery) else considered


def consider(mail: IncomingMail) -> Facts | Delivery:
    """As `arrive`, but for what is let in: that is read and masked, and still to be delivered."""
    with override(settings.LANGUAGE_CODE):
        return _settled(arrival_of(mail))


def _settled(arrival: Arrival) -> Facts | Delivery:
    considered = _considered(arrival)
    settle(arrival)
    return considered


def _considered(arrival: Arrival) -> Facts | Delivery:
    place = destinations.destination(arrival.mail.recipient)
    facts = taken_as_report(arrival, place)
    if facts is None:
        place = writer_at(place)
        facts = set_apart(arrival, place)
    if facts is not None:
        return facts
    if isinstance(place, destinations.Token | destinations.Forwarding):
        return _correspond(arrival, place)
    return _keep_apart(arrival, place)


def _keep_apart(arrival: Arrival, place: destinations.Destination) -> Facts:
    """What is nobody's correspondence. An answer to a silent copy belongs to the record, and to nobody in it."""
    if isinstance(place, destinations.BccDrop):
        return log(arrival)
    if isinstance(place, destinations.Nowhere):
        hold(Held.Reason.NEW_SENDER, incoming=arrival.mail, detail="no address of ours")
    if isinstance(place, destinations.Archive):
        copied = Conversation.objects.filter(ref=place.conversation_ref).first()
        IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=copied)
    return {"place": type(place).__name__.lower(), "machine": arrival.machine}


def _correspond(arrival: Arrival, place: destinations.Token | destinations.Forwarding) -> Facts | Delivery:
    way = route(place, arrival.message, arrival.proof)
    floods = is_flooding(arrival.mail)
    if floods:
        way = folded(arrival.mail, way, arrival.proof)
    stands = Standing(is_unproven=arrival.proof != PROVEN)
    if way.correspondent is not None:
        stands = standing(way.correspondent, arrival.message, arrival.proof)
        reason = held_for(arrival, way.correspondent, stands)
        if reason:
            return _held(arrival, way.correspondent, reason)
        way = replace(way, correspondent=let_in(arrival, way.correspondent, stands))
    return prepared(arrival, way, stands, {FLOOD: arrival.proof} if floods else {})


def _held(arrival: Arrival, correspondent: Correspondent, reason: str) -> Facts:
    conversation = correspondent.conversation
    IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=conversation)
    held = hold(reason, conversation=conversation, incoming=arrival.mail, detail=arrival.why)
    note_once(conversation, HELD, reason)
    return {"held": [held.pk], "proof": arrival.proof, "machine": arrival.machine}
