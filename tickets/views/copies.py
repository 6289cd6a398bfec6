"""For who may see contact data: a word on the desk that copies for the owner don't get through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from tickets.actions.copies import troubles
from tickets.permissions import oversees


def render_alarm(context: Mapping[str, Any]) -> str:
    """For the slot above the desk's lists; nothing while copies arrive, and nothing for anybody else."""
    user = context["user"]
    found = troubles(user) if oversees(user) else []
    return render_to_string("tickets/_copies.html", {"troubles": found}) if found else ""
