"""How locked copies stand, in sentences: for the settings, and for an admin's first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk import advice
from transcripts.actions.buckets.trouble import in_words
from transcripts.models import LockedCopy

State = LockedCopy.State
LATE = timedelta(hours=1)
SETTINGS = "admin:transcripts_lockedrules_changelist"


def counted() -> list[str]:
    """A line for each state in which there are any, and what keeps them waiting."""
    counts = dict(LockedCopy.objects.order_by().values_list("state").annotate(Count("pk")))
    lines = [f"{State(state).label}: {counts[state]}" for state in State.values if state in counts]
    codes = LockedCopy.objects.exclude(trouble="").order_by("trouble").values_list("trouble", flat=True).distinct()
    return lines + [_("Trouble: %(what)s.") % {"what": in_words(code)} for code in codes[:5]]


def late_copies() -> Iterator[advice.Advice]:
    """What could not be made for more than an hour."""
    late = LockedCopy.objects.filter(state=State.FAILED, asked_at__lt=timezone.now() - LATE)
    first = late.order_by("asked_at").first()
    if first is not None:
        words = _("%(count)s locked copies could not be made since %(since)s: %(why)s.")
        facts = {"count": late.count(), "since": f"{timezone.localtime(first.asked_at):%Y-%m-%d %H:%M}"}
        yield advice.Advice(words % {**facts, "why": in_words(first.trouble)}, reverse(SETTINGS))
