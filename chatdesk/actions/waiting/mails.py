"""A word by mail that an answer is there, and nothing of what it says."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import outbox
from chatdesk.links import chat_link
from chatdesk.models import MailNotice
from chatdesk.querysets import last_of_operators, said_by_operators

READING_TIME = timedelta(seconds=60)  # who is still there reads it in the page
KEPT = timedelta(days=30)
KEPT_AFTER_THE_END = timedelta(hours=1)
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834, 5


def send_due_notices(now: datetime | None = None) -> int:
    """Send what is due; how many went out. Safe to repeat: a notice is claimed before it is sent."""
    now = now or timezone.now()
    _forget_old(now)
    due = outbox.due(_answered(now).select_related("conversation__button"), now)
    return sum(_tell(notice, now) for notice in due)


def _answered(now: datetime) -> QuerySet[MailNotice]:
    answer = said_by_operators(OuterRef("conversation")).filter(at__gt=OuterRef("asked_at"), at__lte=now - READING_TIME)
    return _unsent().filter(Exists(answer))


def _unsent() -> QuerySet[MailNotice]:
    return MailNotice.objects.filter(state=MailNotice.State.WAITING)


def _tell(notice: MailNotice, now: datetime) -> bool:
    if _was_read(notice):
        _settle(notice, MailNotice.State.NOT_NEEDED)
        return False
    if not outbox.claim(notice, _unsent(), now):
        return False
    sent = _deliver(notice)
    if sent or notice.tries + 1 >= outbox.MAX_TRIES:
        _settle(notice, MailNotice.State.SENT if sent else MailNotice.State.FAILED)
    return sent


def _was_read(notice: MailNotice) -> bool:
    answer = last_of_operators(notice.conversation_id).first()
    read: int = notice.conversation.participants.values_list("read_seq", flat=True).get(user=None)
    return answer is not None and read >= answer.seq


def _deliver(notice: MailNotice) -> bool:
    button = notice.conversation.button
    facts = {"button": button, "link": chat_link(button), "site": settings.SITE_URL}
    return outbox.send(notice, "chat/mail/answer", facts, to=notice.address, language=notice.language, headers=HEADERS)


def _settle(notice: MailNotice, state: MailNotice.State) -> None:
    MailNotice.objects.filter(pk=notice.pk).update(state=state, address="")


def _forget_old(now: datetime) -> None:
    """An answer that never came, or a chat that ended without one: the address is of no more use."""
    old = Q(asked_at__lt=now - KEPT) | Q(conversation__closed_at__lt=now - KEPT_AFTER_THE_END)
    _unsent().filter(old).update(state=MailNotice.State.FAILED, address="")
