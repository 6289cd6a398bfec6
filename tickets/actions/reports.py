"""Mails about mails of ours: tied to the one that came back, and never anybody's message."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.actions.arrival import Arrival, Facts, is_released
from tickets.actions.bouncing import take_bounce
from tickets.actions.destinations import Archive, Destination, Forwarding, Token, Verp, relay_domain
from tickets.actions.holding import hold
from tickets.actions.selftest import take_back
from tickets.models import Held, IncomingMail, OutgoingMail
from tickets.reading.bounces import Bounce, bounce_of

Reason = Held.Reason
MACHINE = "bounce"
UNKNOWN = "unknown"
NO_MAIL = _("a return path that is too old, or was never ours")
NOT_OURS = _("about a mail that is not known here")
NOBODYS = _("written by a machine that takes no answer")


def taken_as_report(arrival: Arrival, place: Destination) -> Facts | None:
    """What is to be remembered of a report; None for what is none. Safe to repeat."""
    if isinstance(place, Verp):
        return _came_back(arrival, place)
    bounce = bounce_of(arrival.message, arrival.sender, raw=arrival.raw)
    is_nobodys = isinstance(place, Forwarding) and arrival.machine == "null sender"
    if not (bounce or is_nobodys) or is_released(arrival.mail, Reason.MACHINE):
        return None
    return _strayed(arrival, place, bounce) if bounce else _held(arrival, None, NOBODYS)


def writer_at(place: Destination) -> Destination:
    """Who answers a return path means the other side: it stands for the token of whom the mail went to."""
    mail = _mail_of(place.number) if isinstance(place, Verp) else None
    if mail is None:
        return place
    if mail.to is not None:
        return Token(mail.to)
    return Archive(mail.conversation.ref) if mail.conversation else place


def _came_back(arrival: Arrival, place: Verp) -> Facts | None:
    """The return path alone says which mail it is about, whatever the text is."""
    if place.number is not None and take_back(place.number, arrival.message, arrival.mail.envelope_from):
        return {"place": "selftest", "machine": arrival.machine}
    mail = _mail_of(place.number)
    bounce = bounce_of(arrival.message, arrival.sender, raw=arrival.raw, came_back=True)
    if mail is None:
        reason = Reason.MACHINE if bounce or arrival.machine else Reason.NEW_SENDER
        return _held(arrival, bounce, NO_MAIL, reason)
    return _tied(arrival, mail, bounce) if bounce else None


def _strayed(arrival: Arrival, place: Destination, bounce: Bounce) -> Facts:
    """A server that answers the address in From: the mail it encloses may be one of ours."""
    domain = f"@{relay_domain()}>"
    ours = [each for each in bounce.message_ids if each.lower().endswith(domain)]
    mail = OutgoingMail.objects.filter(message_id__in=ours).order_by("-pk").first() if ours else None
    if mail is not None:
        return _tied(arrival, mail, bounce)
    if isinstance(place, Token):
        _file_under(arrival, place.correspondent.conversation_id)
    return _held(arrival, bounce, NOT_OURS)


def _tied(arrival: Arrival, mail: OutgoingMail, bounce: Bounce) -> Facts:
    take_bounce(mail.pk, bounce)
    _file_under(arrival, mail.conversation_id)
    return {"machine": MACHINE, "bounce_of": mail.message_id, "bounce": bounce.kind, "outgoing": mail.pk}


def _held(arrival: Arrival, bounce: Bounce | None, detail: Promise, reason: str = Reason.MACHINE) -> Facts:
    """For people who may see contact data: it belongs to no mail, or to none that can be told."""
    hold(reason, conversation=arrival.mail.conversation, incoming=arrival.mail, detail=str(detail))
    if bounce is None:
        return {"machine": arrival.machine}
    return {"machine": MACHINE, "bounce_of": next(iter(bounce.message_ids), UNKNOWN), "bounce": bounce.kind}


def _file_under(arrival: Arrival, conversation_id: int | None) -> None:
    IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=conversation_id)
    arrival.mail.conversation_id = conversation_id


def _mail_of(number: int | None) -> OutgoingMail | None:
    rows = OutgoingMail.objects.select_related("to__conversation__group", "to__participant__user", "conversation")
    return rows.filter(pk=number).first() if number is not None else None
