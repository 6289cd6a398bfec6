"""How many files one participant may send: examining them costs work, keeping them costs room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk.buckets import Bucket
from chatdesk.models import File, Participant
from chatdesk.protocol import Code, Refused

AT_ONCE = 10
PER_MINUTE = 10
VISITOR_FILES_A_DAY = 200
_REMEMBERED = 10_000  # participants; the one who sent longest ago is forgotten first

_buckets: OrderedDict[int, Bucket] = OrderedDict()
_lock = threading.Lock()


def check_pace(participant: Participant) -> None:
    """Count one attempt. Raises Refused (rate.limited): ten at once, then ten a minute; a visitor 200 a day."""
    if not settings.LIMITS:
        return
    if not _bucket(participant.pk).take():
        raise Refused(Code.RATE, _("That was many files at once. Please wait a minute."), retry=True)
    if participant.user_id is None and _files_today(participant) >= VISITOR_FILES_A_DAY:
        raise Refused(Code.RATE, _("That was many files for one day. Please try again tomorrow."))


def _bucket(participant_id: int) -> Bucket:
    with _lock:
        bucket = _buckets.pop(participant_id, None) or Bucket(AT_ONCE, PER_MINUTE)
        _buckets[participant_id] = bucket
        if len(_buckets) > _REMEMBERED:
            _buckets.popitem(last=False)
        return bucket


def _files_today(participant: Participant) -> int:
    since = timezone.now() - timedelta(days=1)
    files = File.objects.filter(conversation__visitor__conversations=participant.conversation_id)
    return files.filter(created_at__gt=since).count()
