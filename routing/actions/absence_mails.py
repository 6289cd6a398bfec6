"""Sending what `absences` found due, with at most five tries. A mail is claimed before it is sent: none goes twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from routing.models import AbsenceMail

log = logging.getLogger("chatdesk.routing")

RETRY = timedelta(minutes=2)
MAX_TRIES = 5


def send_due() -> int:
    """Send at most 50 that are due; how many went out."""
    due = AbsenceMail.objects.filter(sent_at=None, due_at__lte=timezone.now(), tries__lt=MAX_TRIES)
    return sum(_send(mail) for mail in due.select_related("absence__group").order_by("due_at")[:50] if _claim(mail))


def _claim(mail: AbsenceMail) -> bool:
    free = AbsenceMail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries)
    return free.update(tries=F("tries") + 1, due_at=timezone.now() + RETRY * (mail.tries + 1)) == 1


def _send(mail: AbsenceMail) -> bool:
    try:
        _deliver(mail)
    except (OSError, SMTPException) as error:
        log.warning("Absence mail %s was not sent: %s", mail.pk, type(error).__name__)
        return False
    AbsenceMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True


def _deliver(mail: AbsenceMail) -> None:
    absence = mail.absence
    facts = {"group": absence.group, "absence": absence, "site": settings.SITE_URL}
    with override(settings.LANGUAGE_CODE):
        subject = render_to_string(f"routing/mail/{mail.kind}_subject.txt", facts)
        body = render_to_string(f"routing/mail/{mail.kind}.txt", facts)
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [mail.address])
