"""What became of an incoming mail, for programs."""

from __future__ import annotations

from typing import Any

from tickets.actions.filing import content_id
from tickets.models import Held, IncomingMail


def report_of(mail: IncomingMail) -> dict[str, Any]:
    """Where a processed mail is now; texts and names are the masked ones that people see."""
    files = mail.conversation.entries.filter(client_id__startswith=f"{content_id(mail)}-") if mail.conversation else []
    return {
        "conversation": mail.conversation.ref if mail.conversation else None,
        "entry": mail.entry.seq if mail.entry else None,
        "visible": mail.entry.body if mail.entry else "",
        "files": [entry.body for entry in files],
        "machine": mail.facts.get("machine", ""),
        "bounce_of": mail.facts.get("bounce_of"),
        "held": list(Held.objects.filter(incoming=mail).order_by("pk").values_list("reason", flat=True)),
        "error": mail.error,
    }
