"""A word by mail that an answer is there, and nothing of what it says."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from chatdesk.links import chat_link
from chatdesk.models import MailNotice
from chatdesk.querysets import last_of_operators, said_by_operators

log = logging.getLogger("chatdesk.waiting")

READING_TIME = timedelta(seconds=60)  # who is still there reads it in the page
RETRY = timedelta(minutes=2)
MAX_TRIES = 5
KEPT = timedelta(days=30)
AT_ONCE = 50
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834, 5


def send_due_notices(now: datetime | None = None) -> int:
    """Send what is due; how many went out. Safe to repeat: a notice is claimed before it is sent."""
    now = now or timezone.now()
    _forget_old(now)
    due = _answered(now).filter(due_at__lte=now).select_related("conversation__button").order_by("due_at")
    return sum(_tell(notice, now) for notice in due[:AT_ONCE])


def _answered(now: datetime) -> QuerySet[MailNotice]:
    answer = said_by_operators(OuterRef("conversation")).filter(at__gt=OuterRef("asked_at"), at__lte=now - READING_TIME)
    return MailNotice.objects.filter(Exists(answer), state=MailNotice.State.WAITING)


def _tell(notice: MailNotice, now: datetime) -> bool:
    if _was_read(notice):
        _settle(notice, MailNotice.State.NOT_NEEDED)
        return False
    if not _claim(notice, now):
        return False
    try:
        _deliver(notice)
    except (OSError, SMTPException) as error:
        log.warning("The notice for conversation %s was not sent: %s", notice.conversation_id, type(error).__name__)
        if notice.tries + 1 >= MAX_TRIES:
            _settle(notice, MailNotice.State.FAILED)
        return False
    _settle(notice, MailNotice.State.SENT)
    return True


def _was_read(notice: MailNotice) -> bool:
    answer = last_of_operators(notice.conversation_id).first()
    read: int = notice.conversation.participants.values_list("read_seq", flat=True).get(user=None)
    return answer is not None and read >= answer.seq


def _claim(notice: MailNotice, now: datetime) -> bool:
    """Whether this process may send it. A claim that was never fulfilled is due again after a while."""
    free = MailNotice.objects.filter(pk=notice.pk, state=MailNotice.State.WAITING, tries=notice.tries)
    return free.update(tries=F("tries") + 1, due_at=now + RETRY * (notice.tries + 1)) == 1


def _deliver(notice: MailNotice) -> None:
    button = notice.conversation.button
    facts = {"button": button, "link": chat_link(button), "site": settings.SITE_URL}
    with override(notice.language):
        subject = render_to_string("chat/mail/answer_subject.txt", facts)
        body = render_to_string("chat/mail/answer.txt", facts)
    sender = settings.DEFAULT_FROM_EMAIL
    EmailMessage(" ".join(subject.split()), body, sender, [notice.address], headers=HEADERS).send()


def _settle(notice: MailNotice, state: MailNotice.State) -> None:
    MailNotice.objects.filter(pk=notice.pk).update(state=state, address="")


def _forget_old(now: datetime) -> None:
    """An answer that never came, or a chat that ended without one: the address is of no more use."""
    waiting = MailNotice.objects.filter(state=MailNotice.State.WAITING)
    waiting.filter(Q(asked_at__lt=now - KEPT) | Q(conversation__closed_at__lt=now - RETRY * 30)).update(
        state=MailNotice.State.FAILED, address=""
    )
