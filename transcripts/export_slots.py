"""What exports show in other pages of the compliance desk: the way from what was found to an export of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from transcripts.slots import fill


def export_of_found(context: Mapping[str, Any]) -> str:
    """By the search's number: an address holds no words, which could be a person's."""
    address = f"{reverse('transcripts:exports')}?asked={context['asked'].pk}"
    return format_html('<a class="btn" href="{}">{}</a>', address, _("Export these"))


fill("transcripts.found", export_of_found)
