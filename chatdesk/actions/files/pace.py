"""How many files one participant may send: examining them costs work, keeping them costs room."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk.buckets import Buckets
from chatdesk.models import File, Participant
from chatdesk.protocol import Code, Refused

VISITOR_FILES_A_DAY = 200

_buckets = Buckets(10, 10)  # by participant


def check_pace(participant: Participant) -> None:
    """Count one attempt. Raises Refused (rate.limited): ten at once, then ten a minute; a visitor 200 a day."""
    if not settings.LIMITS:
        return
    if not _buckets.take(participant.pk):
        raise Refused(Code.RATE, _("That was many files at once. Please wait a minute."), retry=True)
    if participant.user_id is None and _files_today(participant) >= VISITOR_FILES_A_DAY:
        raise Refused(Code.RATE, _("That was many files for one day. Please try again tomorrow."))


def _files_today(participant: Participant) -> int:
    since = timezone.now() - timedelta(days=1)
    files = File.objects.filter(conversation__visitor__conversations=participant.conversation_id)
    return files.filter(created_at__gt=since).count()
