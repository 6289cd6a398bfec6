"""Message-IDs of ours (RFC 5322, 3.6.4): they name the conversation, and nobody else can make one."""

from __future__ import annotations

import re
import secrets

from tickets.composing.keys import base32, from_base32, is_signed, short_mac

ROOT = "thread"
NOWHERE = "-"
_OURS = re.compile(r"<?([a-z2-7]{2,48})\.([a-z2-7]{2,30})\.([a-z2-7]{16})@[^\s<>@]+>?", re.IGNORECASE)


def new_message_id(conversation_ref: str, domain: str) -> str:
    """`<conversation.chance.signature@domain>`; `conversation_ref` may be empty for mail of none."""
    return _signed(conversation_ref, base32(secrets.token_bytes(10)), domain)


def thread_id(conversation_ref: str, domain: str) -> str:
    """The id that every mail of a conversation refers to first: so that the reader's program keeps them together."""
    return _signed(conversation_ref, ROOT, domain)


def signed_conversation(message_id: str) -> str | None:
    """The ref of the conversation that an id of ours names; None if it is not ours, or names none."""
    found = _OURS.fullmatch(message_id.strip())
    if found is None or not is_signed("message-id", f"{found[1]}.{found[2]}".lower(), found[3]):
        return None
    ref = (from_base32(found[1]) or b"").decode(errors="replace")
    return ref if ref not in ("", NOWHERE) else None


def loop_mark() -> str:
    """What X-Desk-Relay says on mail that this desk writes by itself: who sees it come back sees a loop."""
    return short_mac("loop", "mark")


def _signed(ref: str, chance: str, domain: str) -> str:
    name = f"{base32((ref or NOWHERE).encode())}.{chance}"
    return f"<{name}.{short_mac('message-id', name)}@{domain}>"
