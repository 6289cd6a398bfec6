"""Legal holds on the compliance desk's other pages: beside a conversation, on a matter, above what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from transcripts.models import HoldMatch, LegalHold
from transcripts.slots import fill, fill_rows


def side(context: Mapping[str, Any]) -> SafeString:
    matches = HoldMatch.objects.filter(conversation=context["conversation"]).select_related("hold__matter")
    return render_to_string("transcripts/holds/_side.html", {"holds": [match.hold for match in matches]})


def of_matter(context: Mapping[str, Any]) -> SafeString:
    rows = LegalHold.objects.filter(matter=context["matter"]).select_related("matter", "created_by")
    return render_to_string("transcripts/holds/_matter.html", {"rows": rows, "matter": context["matter"]})


def found(context: Mapping[str, Any]) -> SafeString:
    """A link by the number of the search: what was searched for stands in no address."""
    number = context["request"].resolver_match.kwargs.get("number")
    if number is None or context["query"].is_empty:
        return SafeString()
    return render_to_string("transcripts/holds/_found.html", {"search": number})


def marks(conversations: Sequence[int]) -> dict[int, SafeString]:
    held = HoldMatch.objects.filter(conversation__in=conversations, hold__released_at=None)
    mark = format_html('<span class="mark warn">{}</span>', _("held"))
    return dict.fromkeys(held.values_list("conversation_id", flat=True), mark)


fill("transcripts.side", side)
fill("transcripts.matter", of_matter)
fill("transcripts.found", found)
fill_rows(marks)
