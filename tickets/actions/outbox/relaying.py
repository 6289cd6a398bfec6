"""What somebody wrote and the other side has not read becomes a mail to them: each entry once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation, Entry, MailNotice
from chatdesk.permissions import reached
from tickets.actions.holding import hold
from tickets.actions.outbox.answers import post_due_answers
from tickets.actions.outbox.copying import queue_copies
from tickets.actions.outbox.enrolling import enrol
from tickets.actions.outbox.lately import GATHER, halves
from tickets.actions.outbox.presence import is_gone, seen_by
from tickets.actions.outbox.queueing import Kind, State, is_on, queue
from tickets.actions.outbox.reach import for_them
from tickets.actions.outbox.transcripts import queue_transcripts
from tickets.models import Correspondent, Held, MailPolicy, MailSettings

AT_ONCE = 200
HARD_BOUNCES = 2


def queue_due(now: datetime | None = None) -> int:
    """Queue a mail for each correspondent who has not read, in the time given for it, what the other side wrote.

    Returns how many mails were queued. Safe to repeat, and from several processes at once.
    """
    now = now or timezone.now()
    post_due_answers(now)
    if not is_on():
        return 0
    enrol(now)
    waiting = chain.from_iterable(behind(part)[:AT_ONCE] for part in halves(now, "conversation__"))
    return sum(_look_at(to, now) for to in waiting) + queue_copies(now) + queue_transcripts(now)


def behind(part: Q) -> QuerySet[Correspondent]:
    """Those in whose conversations something was written since they were last considered."""
    rows = Correspondent.objects.filter(wants_mail=True, revoked_at=None, conversation__last_seq__gt=F("sent_seq"))
    rows = rows.filter(part, hard_bounces__lt=HARD_BOUNCES).exclude(sealed_address="")
    return rows.select_related("conversation__visitor", "conversation__request", "participant__user").order_by("pk")


def _look_at(to: Correspondent, now: datetime) -> bool:
    head = to.conversation.last_seq
    entries = for_them(to, max(to.sent_seq, seen_by(to)) + 1, head)
    if entries and not _is_theirs(to):
        entries = []
    if not entries:
        _settle(to, head)
        return False
    return _is_due(to, entries, now) and _queue(to, entries, head)


def _is_due(to: Correspondent, entries: list[Entry], now: datetime) -> bool:
    reading = timedelta(seconds=MailSettings.load().reading_seconds)
    waited_long = entries[0].at <= now - reading
    return waited_long or (is_gone(to, now) and entries[-1].at <= now - GATHER)


def _settle(to: Correspondent, seq: int) -> bool:
    """They are done with up to `seq`; false if another process was quicker."""
    return Correspondent.objects.filter(pk=to.pk, sent_seq=to.sent_seq).update(sent_seq=seq) == 1


@transaction.atomic
def _queue(to: Correspondent, entries: list[Entry], head: int) -> bool:
    if not _settle(to, head):
        return False
    waits = MailPolicy.objects.filter(group=to.conversation.group_id, holds_until_approved=True).exists()
    first, last = entries[0].seq, entries[-1].seq
    state = State.HELD if waits else State.QUEUED
    queue(Kind.RELAY, conversation=to.conversation, to=to, first_seq=first, last_seq=last, state=state)
    if waits:
        _ask_once(entries[0])
    elif to.side == Correspondent.Side.VISITOR:
        _spare_the_word(to.conversation)
    return True


def _spare_the_word(conversation: Conversation) -> None:
    """Who gets the answer itself needs no word that there is one."""
    word = MailNotice.objects.filter(conversation=conversation, state=MailNotice.State.WAITING)
    word.update(state=MailNotice.State.NOT_NEEDED, address="")


def _ask_once(entry: Entry) -> None:
    if not Held.objects.filter(entry=entry, reason=Held.Reason.APPROVAL).exists():
        hold(Held.Reason.APPROVAL, conversation=entry.conversation, entry=entry)


def _is_theirs(to: Correspondent) -> bool:
    """A person of the desk gets only what they may see, and what nobody else has taken over."""
    user = to.participant.user if to.participant else None
    if to.side != Correspondent.Side.OPERATOR or user is None:
        return True
    return user.is_active and _may_see(user, to.conversation) and _holder(to.conversation) in (None, user.pk)


def _may_see(user: User, conversation: Conversation) -> bool:
    return Conversation.objects.filter(reached(user, "see"), pk=conversation.pk).exists()


def _holder(conversation: Conversation) -> int | None:
    """Who has it: the owner of its ticket, else who holds the chat."""
    owned = Q(ticket__owner__isnull=False)
    owner = Conversation.objects.filter(owned, pk=conversation.pk).values_list("ticket__owner", flat=True).first()
    return owner or conversation.request.operator_id
