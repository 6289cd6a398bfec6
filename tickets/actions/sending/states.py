"""The states of a mail on its way, one small statement each: whichever line a process dies at, the next one can tell.

A claim is the moment it was made. Every step of a sender names its claim, so that one whose claim was taken over, being
too slow, changes nothing and sends nothing more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from tickets.actions import recorded
from tickets.models import OutgoingMail

State, Kind = OutgoingMail.State, OutgoingMail.Kind

CLAIM = timedelta(minutes=15)  # longer than any dialogue with a server
RETRIES = (1, 5, 15, 60)  # minutes after each try; then every hour
GIVE_UP = timedelta(hours=24)
PUT_OFF = timedelta(minutes=1)
DOUBT = timedelta(minutes=5)
ONE_RESEND = 1
WAITING = Q(state=State.QUEUED) | Q(state=State.UNCERTAIN, doubts__lte=ONE_RESEND)
UNSETTLED = WAITING | Q(state=State.SENDING)


def due(now: datetime) -> QuerySet[OutgoingMail]:
    """What may be sent now, the oldest first; never a mail whose forerunner to the same reader has not been settled."""
    forerunner = OutgoingMail.objects.filter(
        UNSETTLED, to=OuterRef("to"), conversation=OuterRef("conversation"), pk__lt=OuterRef("pk")
    )
    rows = OutgoingMail.objects.filter(WAITING, due_at__lte=now).filter(~Exists(forerunner))
    return rows.select_related("to__participant", "to__conversation__request", "conversation__group").order_by("pk")


def claim(mail: OutgoingMail, now: datetime) -> bool:
    """Whether this process has it from now on."""
    free = OutgoingMail.objects.filter(WAITING, pk=mail.pk, due_at=mail.due_at)
    first = mail.first_tried_at or now
    taken = free.update(state=State.SENDING, claimed_at=now, handed_at=None, first_tried_at=first)
    if taken:
        mail.state, mail.claimed_at, mail.first_tried_at = State.SENDING, now, first
    return taken == 1


def put_off(mail: OutgoingMail, now: datetime) -> bool:
    """Its server was just found down: it waits a minute untried, out of the way of mails that leave by another.

    Always False: nothing was sent.
    """
    OutgoingMail.objects.filter(WAITING, pk=mail.pk, due_at=mail.due_at).update(due_at=now + PUT_OFF)
    return False


def keep_content(mail: OutgoingMail, content: bytes) -> bool:
    """The bytes that will leave, before a server is spoken to."""
    return _step(mail, content=content)


def mark_handing_over(mail: OutgoingMail) -> bool:
    """The last thing before the final dot: from here on it may have been taken. False: somebody else has it."""
    return _step(mail, handed_at=timezone.now())


def mark_sent(mail: OutgoingMail, code: int) -> bool:
    return _end(mail, state=State.SENT, sent_at=timezone.now(), code=code or None, reason="")


def mark_later(mail: OutgoingMail, now: datetime, code: int, reason: str) -> bool:
    """Again after 1, 5, 15, 60 minutes and then every hour; after 24 hours it has failed, and says so."""
    if mail.first_tried_at is not None and now - mail.first_tried_at >= GIVE_UP:
        return mark_refused(mail, code, reason)
    minutes = RETRIES[min(mail.tries, len(RETRIES) - 1)]
    due_at = now + timedelta(minutes=minutes)
    return _step(mail, state=State.QUEUED, due_at=due_at, tries=F("tries") + 1, code=code or None, reason=reason)


def mark_refused(mail: OutgoingMail, code: int, reason: str) -> bool:
    return _end(mail, state=State.FAILED, ended_at=timezone.now(), code=code or None, reason=reason)


def mark_uncertain(mail: OutgoingMail, now: datetime, reason: str) -> bool:
    """Perhaps taken. The first time it is sent once more under the same Message-ID; then a person decides."""
    return _step(mail, state=State.UNCERTAIN, doubts=F("doubts") + 1, due_at=now + DOUBT, reason=reason)


def mark_cancelled(mail: OutgoingMail, reason: str) -> bool:
    return _step(mail, state=State.CANCELLED, ended_at=timezone.now(), reason=reason)


def recover(now: datetime) -> int:
    """Mails whose sender died: back in the queue if their last dot was never sent, else uncertain; how many."""
    dead = OutgoingMail.objects.filter(state=State.SENDING, claimed_at__lte=now - CLAIM)
    if not dead.exists():  # a desk at rest writes nothing
        return 0
    kept = dead.filter(handed_at=None, doubts=0).update(state=State.QUEUED, due_at=now)
    again = dead.filter(handed_at=None, doubts__gt=0).update(state=State.UNCERTAIN, due_at=now)
    doubtful = dead.filter(handed_at__isnull=False)
    return kept + again + doubtful.update(state=State.UNCERTAIN, doubts=F("doubts") + 1, due_at=now)


@transaction.atomic
def _end(mail: OutgoingMail, *, state: OutgoingMail.State, **changes: Any) -> bool:
    """A step that the conversation's records tell of."""
    if not _step(mail, state=state, **changes):
        return False
    recorded.became(mail, state)
    return True


def _step(mail: OutgoingMail, **changes: Any) -> bool:
    mine = OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING, claimed_at=mail.claimed_at)
    return mine.update(**changes) == 1
