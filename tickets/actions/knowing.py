"""How a mail is known again after what it said was deleted: its own id may hold an address or the name of a machine."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

FORGOTTEN = "forgotten-"


def forgotten_id(message_id: str) -> str:
    """What stands for a Message-ID from then on; '' for a mail without one. Tells nothing without the desk's key."""
    if not message_id:
        return ""
    return FORGOTTEN + salted_hmac("tickets.forgotten", message_id, algorithm="sha256").hexdigest()
