"""What transcripts tell an admin on the first page: conversations that are not as they were recorded."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from chatdesk import advice
from transcripts.actions.locking.counting import late_copies
from transcripts.models import BrokenChain

SHOWN = 5


def broken_records() -> Iterator[advice.Advice]:
    for broken in BrokenChain.objects.select_related("conversation").order_by("found_at", "pk")[:SHOWN]:
        words = _(
            "The conversation %(ref)s is not as it was recorded: something was changed outside the desk. "
            "Record %(number)s is the first that does not agree."
        )
        url = reverse("admin:chatdesk_conversation_change", args=[broken.pk])
        yield advice.Advice(words % {"ref": broken.conversation.ref, "number": broken.number}, url)


advice.add_adviser(broken_records)
advice.add_adviser(late_copies)
