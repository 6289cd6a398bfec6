"""What waits for a person: nothing of it has left, and nothing of it is lost."""

from __future__ import annotations

from django.db import transaction

from chatdesk.models import Conversation, Entry, File
from tickets.actions import recorded
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
    with transaction.atomic():
        if incoming is None:
            held, made = Held.objects.create(reason=reason, part=part, **facts), True
        else:
            key = {"incoming": incoming, "part": part, "reason": reason}
            held, made = Held.objects.get_or_create(**key, defaults=facts)
        if made:
            recorded.held(held)
    return held
