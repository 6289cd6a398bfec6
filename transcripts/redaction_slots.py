"""Redactions on the compliance desk's other pages: beside a conversation, on a matter, above what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from transcripts.models import Redaction
from transcripts.slots import fill


def acts(context: Mapping[str, Any]) -> SafeString:
    address = f"{reverse('transcripts:redact-everywhere')}?ref={context['conversation'].ref}"
    return format_html('<a class="btn" href="{}">{}</a>', address, _("Redact words everywhere"))


def found(context: Mapping[str, Any]) -> SafeString:
    """By the search's number: an address holds no words."""
    address = f"{reverse('transcripts:redact-everywhere')}?found={context['asked'].pk}"
    return format_html('<a class="btn" href="{}">{}</a>', address, _("Redact words in these"))


def of_matter(context: Mapping[str, Any]) -> SafeString:
    count = Redaction.objects.filter(matter=context["matter"]).count()
    return render_to_string("transcripts/redactions/_matter.html", {"count": count, "matter": context["matter"]})


fill("transcripts.acts", acts)
fill("transcripts.found", found)
fill("transcripts.matter", of_matter)
