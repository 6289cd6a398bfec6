"""Mail of ours that comes back, mail that pretends to be ours, and how often machines may hear from us (RFC 3834)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rows import answers
from tickets.actions.arrival import Arrival, Facts, is_released
from tickets.actions.destinations import Destination, Forwarding, Token, destination, relay_domain
from tickets.actions.holding import hold
from tickets.actions.noting import HELD, LOOPED, note_once
from tickets.actions.standing import sender_of
from tickets.composing.ids import signed_conversation
from tickets.models import Correspondent, Held, IncomingMail, OutgoingMail
from tickets.reading.machine import LOOP, OWN, sounds_automatic

OURS = _("it says that it comes from an address of this desk")
ONE_IN = timedelta(hours=2)
MOST_IN_A_DAY, IN_A_DAY = 10, timedelta(days=1)
ACKNOWLEDGED = OutgoingMail.Kind.ACKNOWLEDGEMENT
SAID = """
SELECT said.kind = %s AND said.created_at > %s FROM tickets_outgoingmail said
JOIN tickets_correspondent known ON known.id = said.to_id
WHERE known.address_hash = %s AND said.kind IN (%s, %s) AND said.created_at > %s
ORDER BY said.created_at DESC LIMIT %s
"""


def set_apart(arrival: Arrival, place: Destination) -> Facts | None:
    """What is to be remembered of a mail that says it is ours; None for anybody else's. Safe to repeat."""
    if _is_returned(arrival):
        return _looped(arrival, place)
    if not _pretends(arrival, place) or is_released(arrival.mail, Held.Reason.SPOOFED):
        return None
    conversation = place.correspondent.conversation if isinstance(place, Token) else None
    held = hold(Held.Reason.SPOOFED, conversation=conversation, incoming=arrival.mail, detail=str(OURS))
    IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=conversation)
    if conversation is not None:
        note_once(conversation, HELD, held.reason)
    return {"machine": OWN, "held": [held.pk]}


def may_answer(arrival: Arrival, to: Correspondent) -> bool:
    """Whether the desk may tell them something by itself. In doubt it does not: machines that talk never end."""
    return not _is_automatic(arrival) and len(_said_to(to)) < MOST_IN_A_DAY


def may_acknowledge(arrival: Arrival, to: Correspondent) -> bool:
    """The same for a first mail: not to what answers a mail of ours, and not again and again."""
    if _is_automatic(arrival) or _answers_ours(arrival):
        return False
    said = _said_to(to)
    return len(said) < MOST_IN_A_DAY and not any(said)


def _is_automatic(arrival: Arrival) -> bool:
    return arrival.machine != "" or sounds_automatic(arrival.message.subject)


def _said_to(to: Correspondent) -> list[bool]:
    """Of what the desk said by itself to the same person within a day, in any conversation, the newest first: whether
    it was an acknowledgement a short time ago."""
    now, notice = timezone.now(), OutgoingMail.Kind.NOTICE
    asked = (ACKNOWLEDGED, now - ONE_IN, to.address_hash, ACKNOWLEDGED, notice, now - IN_A_DAY, MOST_IN_A_DAY)
    return [bool(is_recent) for (is_recent,) in answers(SAID, asked)]


def _is_returned(arrival: Arrival) -> bool:
    """Whether it is our own mail, which somebody's mailbox sent on."""
    if arrival.machine == LOOP:
        return True
    message_id = arrival.message.message_id
    if not message_id.lower().endswith(f"@{relay_domain()}>"):
        return False
    return OutgoingMail.objects.filter(message_id=message_id).exists()


def _looped(arrival: Arrival, place: Destination) -> Facts:
    """Nobody has said anything: it stays in the log, with a line in the timeline once an hour."""
    named = OutgoingMail.objects.filter(message_id=arrival.message.message_id).first()
    conversation = place.correspondent.conversation if isinstance(place, Token) else None
    conversation = named.conversation if named and named.conversation else conversation
    if conversation is not None:
        IncomingMail.objects.filter(pk=arrival.mail.pk).update(conversation=conversation)
        note_once(conversation, LOOPED)
    return {"machine": LOOP}


def _pretends(arrival: Arrival, place: Destination) -> bool:
    if arrival.machine == OWN:
        return True
    sender = sender_of(arrival.message)
    return sender is not None and isinstance(destination(sender.address), Token | Forwarding)


def _answers_ours(arrival: Arrival) -> bool:
    """Whether it refers to a mail of ours, as an answer to an answer does."""
    message = arrival.message
    return any(signed_conversation(each) for each in (*message.in_reply_to, *message.references)[:20])
