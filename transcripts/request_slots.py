"""Requests of people on other pages: beside a conversation, in lists, and for an admin when the time runs out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatdesk import advice
from transcripts import sight
from transcripts.actions.requesting import gate
from transcripts.models import RequestItem, SubjectRequest
from transcripts.slots import fill, fill_rows

SOON = timedelta(days=3)


def side(context: Mapping[str, Any]) -> SafeString:
    items = RequestItem.objects.filter(conversation=context["conversation"], is_chosen=True).select_related("request")
    return render_to_string("transcripts/requests/_side.html", {"items": items})


def marks(conversation_ids: Sequence[int]) -> dict[int, SafeString]:
    mark = format_html('<span class="mark warn">{}</span>', _("restricted"))
    return dict.fromkeys(sight.restricted_among(conversation_ids), mark)


def unanswered() -> Iterator[advice.Advice]:
    """How many, and nothing else: an admin opens none of them, and answers for all."""
    due = SubjectRequest.objects.filter(answered_at=None, due_on__lte=gate.today() + SOON).count()
    if due:
        words = ngettext(
            "%(n)s request of a person about their data is due within three days, or overdue.",
            "%(n)s requests of people about their data are due within three days, or overdue.",
            due,
        )
        yield advice.Advice(words % {"n": due}, reverse("transcripts:requests"))


fill("transcripts.side", side)
fill_rows(marks)
advice.add_adviser(unanswered)
