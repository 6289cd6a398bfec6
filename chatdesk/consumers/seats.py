"""A socket's seat in a conversation: found and authorised once, then kept until something about it changes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db.models import Max

from accounts.models import User
from chatdesk.actions.conversations import operator_part
from chatdesk.hand_over_view import role_of
from chatdesk.models import Conversation, Participant
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Refused

TRUSTED_FOR = 5.0  # seconds, should the word of a change be lost


@dataclass(frozen=True, slots=True)
class Place:
    """What joining a room needs to know."""

    conversation_id: int
    ref: str
    head: int
    last_note: int
    marks: dict[str, tuple[int, int]]  # by side: delivered, read


@dataclass(slots=True)
class Seat:
    place: Place
    participant_id: int | None  # None while an operator only looks on
    refusal: Refused | None = None  # why they may only look on
    offered: bool = False  # theirs once they begin
    is_beside: bool = False  # there for this chat, and not only looking on: hears what is typed before it is sent
    since: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.since < TRUSTED_FOR


def place_of(conversation: Conversation) -> Place:
    operators = Participant.objects.filter(conversation=conversation).exclude(user=None)
    top = operators.aggregate(delivered=Max("delivered_seq"), read=Max("read_seq"))
    visitor = Participant.objects.get(conversation=conversation, user=None)
    marks = {
        "operator": (top["delivered"] or 0, top["read"] or 0),
        "visitor": (visitor.delivered_seq, visitor.read_seq),
    }
    return Place(conversation.pk, conversation.ref, conversation.last_seq, conversation.last_note, marks)


def operator_seat(user: User, ref: str) -> Seat:
    """A seat for somebody who may see the conversation. Raises Refused `conversation.unknown`."""
    conversation = conversation_for_operator(user, ref)
    # Who only watches has no part: what they receive and read is not told to the visitor as received and read.
    parts = Participant.objects.exclude(role=Participant.Role.MONITOR)
    part = parts.filter(conversation=conversation, user=user).first()
    seat = Seat(place_of(conversation), part.pk if part else None, is_beside=bool(role_of(user, conversation)))
    try:
        conversation_for_operator(user, ref, "answer")
    except Refused as refused:
        seat.refusal = refused
        return seat
    seat.offered = conversation.request.accept_by is not None and conversation.request.operator_id == user.pk
    return seat


def visitor_seat(conversation: Conversation) -> Seat:
    return Seat(place_of(conversation), Participant.objects.get(conversation=conversation, user=None).pk)


def first_part(user: User, conversation_id: int) -> int:
    """The participant of an operator who speaks for the first time here."""
    return operator_part(Conversation.objects.get(pk=conversation_id), user).pk
