"""Beside a conversation that compliance staff read: why it is still here, and when it will go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from transcripts.actions.retaining import explain
from transcripts.slots import fill


def side(context: Mapping[str, Any]) -> SafeString:
    return render_to_string("transcripts/retention/_why.html", {"told": explain(context["conversation"])})


fill("transcripts.side", side)
