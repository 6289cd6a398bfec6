"""Whether a mail may go into its conversation by itself, or has to wait for a person."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tickets.actions.arrival import Arrival, is_released
from tickets.actions.standing import Standing
from tickets.models import Correspondent, Held

Reason = Held.Reason
PATIENCE = timedelta(hours=4)  # how long name servers may be away before a person is asked


class Waits(Exception):
    """It can't be decided just now: ask again later."""


def held_for(arrival: Arrival, writer: Correspondent, stands: Standing) -> str:
    """The reason to hold it, a value of Held.Reason, or empty. Raises Waits."""
    if writer.revoked_at is not None:
        return stands.held or Reason.NEW_SENDER
    if stands.waits and arrival.mail.received_at > timezone.now() - PATIENCE:
        raise Waits
    reason = Reason.SPOOFED if stands.waits else stands.held
    if reason == Reason.SPOOFED and is_released(arrival.mail, reason):
        reason = ""
    return reason or (Reason.MACHINE if _says_nothing(arrival, writer) else "")


def is_machine(arrival: Arrival) -> bool:
    """What a person let through counts as a person's."""
    return arrival.machine != "" and not is_released(arrival.mail, Reason.MACHINE)


def _says_nothing(arrival: Arrival, writer: Correspondent) -> bool:
    """A machine's answer takes nothing up that has ended, and a colleague's goes to no visitor."""
    if not is_machine(arrival):
        return False
    return writer.side == Correspondent.Side.OPERATOR or writer.conversation.closed_at is not None
