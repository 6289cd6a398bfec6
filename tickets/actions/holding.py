"""What waits for a person: nothing of it has left, and nothing of it is lost."""

from __future__ import annotations

from chatdesk.models import Conversation, Entry, File
from tickets.models import Held, IncomingMail


def hold(
    reason: str,
    *,
    conversation: Conversation | None = None,
    incoming: IncomingMail | None = None,
    entry: Entry | None = None,
    file: File | None = None,
    part: int = -1,
    name: str = "",
    detail: str = "",
) -> Held:
    """Keep it back for `reason` (a value of Held.Reason). The same part of the same mail again is the first row."""
    facts = {
        "conversation": conversation,
        "entry": entry,
        "file": file,
        "name": name[:200],
        "detail": detail[:300],
    }
    if incoming is None:
        return Held.objects.create(reason=reason, part=part, **facts)
    return Held.objects.get_or_create(incoming=incoming, part=part, reason=reason, defaults=facts)[0]
