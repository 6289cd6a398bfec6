"""Whether a mail may go into its conversation by itself, or has to wait for a person."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tickets.actions import correspondents
from tickets.actions.arrival import Arrival, is_released
from tickets.actions.filing import shown_name
from tickets.actions.standing import Standing, sender_of
from tickets.models import Correspondent, Held

Reason = Held.Reason
PATIENCE = timedelta(hours=4)  # how long name servers may be away before a person is asked


class Waits(Exception):
    """It can't be decided just now: ask again later."""


def held_for(arrival: Arrival, writer: Correspondent, stands: Standing) -> str:
    """The reason to hold it, a value of Held.Reason, or empty. Raises Waits."""
    reason = _doubt(arrival, writer, stands)
    if reason and not is_released(arrival.mail, reason):
        return reason
    return Reason.MACHINE if _says_nothing(arrival, writer) else ""


def let_in(arrival: Arrival, expected: Correspondent, stands: Standing) -> Correspondent:
    """As whose a mail goes in. A stranger whom a person let in has a part and a token address of their own from now on;
    at a colleague's address it is the colleague, who has another address too."""
    sender = sender_of(arrival.message)
    if stands.held != Reason.NEW_SENDER or sender is None or expected.side == Correspondent.Side.OPERATOR:
        return expected
    return correspondents.of_third(expected.conversation, sender.address, shown_name(sender))


def _doubt(arrival: Arrival, writer: Correspondent, stands: Standing) -> str:
    if writer.revoked_at is not None:
        return stands.held or Reason.NEW_SENDER
    if stands.waits and arrival.mail.received_at > timezone.now() - PATIENCE:
        raise Waits
    return Reason.SPOOFED if stands.waits else stands.held


def is_machine(arrival: Arrival) -> bool:
    """What a person let through counts as a person's."""
    return arrival.machine != "" and not is_released(arrival.mail, Reason.MACHINE)


def _says_nothing(arrival: Arrival, writer: Correspondent) -> bool:
    """A machine's answer takes nothing up that has ended, and a colleague's goes to no visitor."""
    if not is_machine(arrival):
        return False
    return writer.side == Correspondent.Side.OPERATOR or writer.conversation.closed_at is not None
