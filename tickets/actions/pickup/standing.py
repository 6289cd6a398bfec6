"""How far what people at the desk said reached a visitor who left: by the box, said honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from chatdesk.models import Conversation, Participant
from chatdesk.querysets import said_by_operators
from tickets.actions.pickup.boxes import Standing, standing_of
from tickets.models import PickupBox, PickupOpening

STILL_THERE = timedelta(seconds=75)  # an open page is heard of every minute


@dataclass(frozen=True)
class Reached:
    """`state`: waiting, collected or a dead box's; `at`: when it was collected, or when the box closed."""

    state: Standing
    at: datetime | None = None


def has_left(conversation: Conversation, now: datetime) -> bool:
    return conversation.closed_at is not None or conversation.visitor.seen_at < now - STILL_THERE


def reached(conversation: Conversation, numbers: Sequence[int]) -> dict[int, Reached]:
    """For those of these entries that people at the desk said, and that the box is for. A few queries for all."""
    row = PickupBox.objects.filter(conversation=conversation).first()
    said = list(said_by_operators(conversation.pk).filter(seq__in=numbers).values_list("seq", flat=True))
    if row is None or not said:
        return {}
    openings = _openings(row)
    read = _read(conversation)
    dead = _dead(row)
    gone = has_left(conversation, timezone.now())
    found: dict[int, Reached] = {}
    for seq in said:
        at = next((moment for upto, moment in openings if upto >= seq), None)
        if at is not None:
            found[seq] = Reached(Standing.COLLECTED, at)
        elif seq > read and gone:
            found[seq] = dead or Reached(Standing.WAITING)
    return found


def _openings(row: PickupBox) -> list[tuple[int, datetime]]:
    opened = PickupOpening.objects.filter(box=row, deed=PickupOpening.Deed.OPENED).order_by("pk")
    return list(opened.values_list("seq", "at"))


def _read(conversation: Conversation) -> int:
    part = Participant.objects.filter(conversation=conversation, user=None)
    return part.values_list("read_seq", flat=True).first() or 0


def _dead(row: PickupBox) -> Reached | None:
    state = standing_of(row, timezone.now())
    if state == Standing.EXPIRED:
        return Reached(state, row.expires_at)
    return Reached(state, row.revoked_at) if state == Standing.REVOKED else None
