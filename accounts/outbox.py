"""Sending mails that are rows first: claimed before they are sent, so that none goes twice, and tried a few times."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any, TypeVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.models import DueMail

M = TypeVar("M", bound=DueMail)

RETRY = timedelta(minutes=2)
MAX_TRIES = 5
AT_ONCE = 50

log = logging.getLogger("chatdesk.mail")


def due(unsent: QuerySet[M], now: datetime) -> QuerySet[M]:
    """Those of the unsent that are to be sent now, the oldest first."""
    return unsent.filter(due_at__lte=now, tries__lt=MAX_TRIES).order_by("due_at")[:AT_ONCE]


def claim(mail: M, unsent: QuerySet[M], now: datetime) -> bool:
    """Whether this process may send it. A claim that was never fulfilled is due again after a while."""
    as_seen = unsent.filter(pk=mail.pk, tries=mail.tries)
    return as_seen.update(tries=F("tries") + 1, due_at=now + RETRY * (mail.tries + 1)) == 1


def send(
    mail: DueMail,
    letter: str,
    facts: Mapping[str, Any],
    *,
    to: str,
    language: str,
    headers: dict[str, str] | None = None,
) -> bool:
    """Send the `letter` (templates of that name) to an address; False, with a line in the log, if it did not go."""
    with override(language):
        subject = render_to_string(f"{letter}_subject.txt", facts)
        body = render_to_string(f"{letter}.txt", facts)
    try:
        EmailMessage(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()
    except (OSError, SMTPException) as error:
        log.warning("%s %s was not sent: %s", mail._meta.object_name, mail.pk, type(error).__name__)
        return False
    return True
