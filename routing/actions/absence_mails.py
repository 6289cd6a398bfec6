"""Sending what `absences` found due."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from accounts import outbox
from routing.models import AbsenceMail


def send_due() -> int:
    """Send what is due; how many went out."""
    unsent, now = AbsenceMail.objects.filter(sent_at=None), timezone.now()
    due = outbox.due(unsent.select_related("absence__group"), now)
    return sum(_send(mail) for mail in due if outbox.claim(mail, unsent, now))


def _send(mail: AbsenceMail) -> bool:
    facts = {"group": mail.absence.group, "absence": mail.absence, "site": settings.SITE_URL}
    letter, language = f"routing/mail/{mail.kind}", settings.LANGUAGE_CODE
    if not outbox.send(mail, letter, facts, to=mail.address, language=language):
        return False
    AbsenceMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True
