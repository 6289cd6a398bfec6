"""Tickets follow what is said: a visitor's new word opens one again, an answer lets it wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from chatdesk.models import Entry
from chatdesk.querysets import SAID
from tickets.actions.outbox.lately import lately
from tickets.actions.tickets.timeline import note_down
from tickets.models import Ticket

State = Ticket.State
AT_ONCE = 200
STILL_THERE = timedelta(seconds=75)


def follow_what_was_said(now: datetime | None = None) -> int:
    """Bring the states up to what was said since; how many tickets were looked at. Safe to repeat."""
    now = now or timezone.now()
    behind = Ticket.objects.filter(lately(now, "conversation__"), conversation__last_seq__gt=F("seen_seq"))
    found = behind.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(_follow(pk, now) for pk in found)


@transaction.atomic
def _follow(pk: int, now: datetime) -> bool:
    rows = Ticket.objects.select_related("conversation__visitor", "conversation__request")
    ticket = rows.select_for_update(of=("self",)).get(pk=pk)
    head = ticket.conversation.last_seq
    if ticket.seen_seq >= head:
        return False
    state = _state_after(ticket, head, now)
    if state != ticket.state:
        note_down(ticket, None, "state", ticket.state, state)
    ticket.state, ticket.seen_seq = state, head
    ticket.save(update_fields=["state", "seen_seq"])
    return True


def _state_after(ticket: Ticket, head: int, now: datetime) -> str:
    """Machines change nothing; and while both talk, nobody waits for the other."""
    span = Q(conversation=ticket.conversation_id, kind__in=SAID, seq__gt=ticket.seen_seq, seq__lte=head)
    said = Entry.objects.filter(span).exclude(letter__is_machine=True).select_related("participant").order_by("-seq")
    last = said.first()
    if last is None:
        return ticket.state
    if last.participant is None or last.participant.user_id is None:
        return State.OPEN
    return State.PENDING if ticket.state == State.OPEN and not _is_there(ticket, now) else ticket.state


def _is_there(ticket: Ticket, now: datetime) -> bool:
    conversation = ticket.conversation
    is_live = conversation.closed_at is None and conversation.visitor.token_used
    return is_live and conversation.visitor.seen_at > now - STILL_THERE
