"""Transcripts that leave by mail: to the owner's log or CRM when a conversation ends, and to a visitor who asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chatdesk.models import Conversation
from chatdesk.pace import too_many
from chatdesk.protocol import Code, Refused
from tickets.actions.outbox.queueing import Kind, State, queue
from tickets.models import Correspondent, OutgoingMail
from transcripts.models import Form, TranscriptRule

AT_ONCE = 100
LATELY = timedelta(days=30)  # what ended before, while no mail could be queued, is not sent any more
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_OF_A_CHAT, MOST_TO_AN_ADDRESS = 3, 10  # in an hour; in a day
HARD_BOUNCES = 2


def queue_transcripts(now: datetime) -> int:
    """Queue what the active rules ask for and is not queued yet; how many mails. Safe to repeat, and from several."""
    rules = TranscriptRule.objects.filter(is_active=True).order_by("pk")
    return sum(_queue(rule, each) for rule in rules for each in _ended(rule, now)[:AT_ONCE])


def mark_of(rule: TranscriptRule) -> str:
    """How the rule's mails are known."""
    return f"rule{rule.pk}"


def _ended(rule: TranscriptRule, now: datetime) -> QuerySet[Conversation]:
    since = max(rule.since, now - LATELY)
    queued = OutgoingMail.objects.filter(conversation=OuterRef("pk"), copy_for=mark_of(rule))
    rows = Conversation.objects.filter(request__closed_at__gte=since, closed_at__gte=since, erased_at=None)
    rows = rows.filter(~Exists(queued.filter(created_at__gte=OuterRef("closed_at"))), hidden_at=None)
    groups = list(rule.groups.all())
    return (rows.filter(group__in=groups) if groups else rows).order_by("pk")


def _queue(rule: TranscriptRule, conversation: Conversation) -> bool:
    """Once for each end: two processes at once come to the same number, and the table takes one."""
    facts = {"form": rule.form, "contact": rule.with_contact}
    number = conversation.last_seq
    try:
        with transaction.atomic():
            queue(
                Kind.TRANSCRIPT,
                conversation=conversation,
                address=rule.address,
                copy_for=mark_of(rule),
                first_seq=number,
                facts=facts,
            )
    except IntegrityError:
        return False
    return True


def mail_transcript(to: Correspondent, form: str) -> OutgoingMail:
    """To a visitor whose address is proven, and to that alone; the transcript is made when the mail is.

    Raises Refused (`auth.denied` for an address that is not proven or takes no mail, `rate.limited`), MailOff, and
    ValueError for another form.
    """
    if not to.is_proven or to.side != Correspondent.Side.VISITOR or to.revoked_at or to.hard_bounces >= HARD_BOUNCES:
        raise Refused(Code.AUTH_DENIED, _("This address is not proven yet."))
    facts = {"form": Form(form).value, "contact": True, "language": get_language() or ""}
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=to.conversation_id)  # counts are of all that was queued before
        _check_pace(to)
        return queue(Kind.TRANSCRIPT, conversation=to.conversation, to=to, facts=facts)


def _check_pace(to: Correspondent) -> None:
    now = timezone.now()
    sent = OutgoingMail.objects.filter(kind=Kind.TRANSCRIPT).exclude(state=State.CANCELLED)
    of_chat = sent.filter(conversation=to.conversation, to__isnull=False, created_at__gt=now - HOUR)
    to_address = sent.filter(to__address_hash=to.address_hash, created_at__gt=now - DAY)
    if of_chat.count() >= MOST_OF_A_CHAT or to_address.count() >= MOST_TO_AN_ADDRESS:
        raise too_many()
