"""Beside a conversation that compliance staff read: its locked copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from transcripts.actions.buckets.trouble import in_words
from transcripts.models import LockedCopy
from transcripts.slots import fill

SHOWN = 5


def side(context: Mapping[str, Any]) -> SafeString:
    copies = LockedCopy.objects.filter(conversation=context["conversation"]).order_by("-last", "-pk")[:SHOWN]
    rows = [{"copy": copy, "trouble": in_words(copy.trouble) if copy.trouble else ""} for copy in copies]
    return render_to_string("transcripts/locked/_side.html", {"rows": rows})


fill("transcripts.side", side)
