"""Beside a conversation that compliance staff read: why it is still here, and when it will go; and a mark in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chatdesk.models import Conversation
from transcripts import sight
from transcripts.actions.retaining import explain
from transcripts.slots import fill, fill_rows


def side(context: Mapping[str, Any]) -> SafeString:
    return render_to_string("transcripts/retention/_why.html", {"told": explain(context["conversation"])})


def marks(conversation_ids: Sequence[int]) -> dict[int, SafeString]:
    """Who can bring back what was put away has to find it: in their lists it stays, with a mark."""
    hidden = Conversation.objects.filter(sight.put_away(), pk__in=conversation_ids)
    mark = format_html('<span class="soft small">{}</span>', _("put away"))
    return dict.fromkeys(hidden.values_list("pk", flat=True), mark)


fill("transcripts.side", side)
fill_rows(marks)
