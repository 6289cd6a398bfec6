"""Mails to the compliance people: rows first, sent by a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts import outbox
from accounts.models import User
from accounts.permissions import opens
from transcripts.models import RetentionMail


def compliance_people() -> list[User]:
    """Whoever may open the transcripts by their user type."""
    people = User.objects.filter(is_active=True, user_type__opens_transcripts=True).select_related("user_type")
    return [person for person in people.order_by("pk") if opens(person, "transcripts")]


def tell(letter: str, facts: Mapping[str, Any]) -> int:
    """Note that each of them is to be told, in the running transaction; how many. `facts`: numbers, times, words."""
    plain = {key: _plain(value) for key, value in facts.items()}
    mails = [RetentionMail(user=person, letter=letter, facts=plain) for person in compliance_people()]
    return len(RetentionMail.objects.bulk_create(mails))


def send_due() -> int:
    """Send what is due; how many went out."""
    now = timezone.now()
    unsent = RetentionMail.objects.filter(sent_at=None)
    due = outbox.due(unsent.filter(user__is_active=True).select_related("user"), now)
    return sum(_send(mail) for mail in due if outbox.claim(mail, unsent, now))


def _send(mail: RetentionMail) -> bool:
    facts = {key: _read(value) for key, value in mail.facts.items()}
    facts |= {"user": mail.user, "site": settings.SITE_URL}
    letter = f"transcripts/mail/{mail.letter}"
    if not outbox.send(mail, letter, facts, to=mail.user.email, language=settings.LANGUAGE_CODE):
        return False
    RetentionMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else DjangoJSONEncoder().default(value)


def _read(value: Any) -> Any:
    """Times come back as times, to be written as the reader is used to."""
    try:
        found = parse_datetime(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        found = None
    return found or value
