"""What waited for a person: let go, or not."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from chatdesk.models import Entry
from tickets.actions.outbox.queueing import Kind, State, queue
from tickets.models import Held, OutgoingMail


def approve(entry: Entry) -> int:
    """Let the mails go that bring this entry; how many. By two people at once: each mail once."""
    return _waiting(entry).update(state=State.QUEUED, due_at=timezone.now())


def turn_down(entry: Entry) -> int:
    """They will not leave."""
    return _waiting(entry).update(state=State.CANCELLED, ended_at=timezone.now())


def send_released(held: Held) -> int:
    """Mail a file that was held and is released now to whoever got the mail it belongs to; how many mails."""
    entry = held.entry
    if entry is None:
        return 0
    carriers = OutgoingMail.objects.filter(
        conversation=entry.conversation, kind=Kind.RELAY, first_seq__lte=entry.seq, last_seq__gte=entry.seq, released=0
    ).exclude(state=State.CANCELLED)
    return sum(_send_after(carrier, held, entry.seq) for carrier in carriers.select_related("to", "conversation"))


def _send_after(carrier: OutgoingMail, held: Held, seq: int) -> bool:
    if carrier.to is None:
        return False
    try:
        with transaction.atomic():
            queue(
                Kind.RELAY,
                conversation=carrier.conversation,
                to=carrier.to,
                first_seq=seq,
                released=held.pk,
            )
    except IntegrityError:
        return False
    return True


def _waiting(entry: Entry) -> models.QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        conversation=entry.conversation, state=State.HELD, first_seq__lte=entry.seq, last_seq__gte=entry.seq
    )
