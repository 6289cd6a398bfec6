"""Message-IDs of ours (RFC 5322, 3.6.4): they name the conversation, and nobody else can make one."""

from __future__ import annotations

import base64
import re
import secrets

from tickets.composing.keys import base32, from_base32, is_signed, short_mac

ROOT = "thread"
NOWHERE = "-"
REF_BYTES = 16  # of chance in a conversation's ref
_OURS = re.compile(r"<?((?:x-)?[a-z2-7]{2,48})\.([a-z2-7]{2,30})\.([a-z2-7]{16})@[^\s<>@]+>?", re.IGNORECASE)


def new_message_id(conversation_ref: str, domain: str) -> str:
    """`<conversation.chance.signature@domain>`; `conversation_ref` may be empty for mail of none."""
    return _signed(conversation_ref, base32(secrets.token_bytes(5)), domain)


def thread_id(conversation_ref: str, domain: str) -> str:
    """The id that every mail of a conversation refers to first: so that the reader's program keeps them together."""
    return _signed(conversation_ref, ROOT, domain)


def signed_conversation(message_id: str) -> str | None:
    """The ref of the conversation that an id of ours names; None if it is not ours, or names none."""
    found = _OURS.fullmatch(message_id.strip())
    if found is None or not is_signed("message-id", f"{found[1]}.{found[2]}".lower(), found[3]):
        return None
    return _ref(found[1].lower())


def loop_mark() -> str:
    """What X-Desk-Relay says on mail that this desk writes by itself: who sees it come back sees a loop."""
    return short_mac("loop", "mark")


def _signed(ref: str, chance: str, domain: str) -> str:
    name = f"{_short(ref or NOWHERE)}.{chance}"
    return f"<{name}.{short_mac('message-id', name)}@{domain}>"


def _short(ref: str) -> str:
    """A ref in letters that survive any case: an id stays below the 78 characters at which some programs break it."""
    data = _chance_of(ref)
    return base32(data) if data else f"x-{base32(ref.encode())}"


def _ref(short: str) -> str | None:
    data = from_base32(short.removeprefix("x-")) or b""
    if not short.startswith("x-"):
        return base64.urlsafe_b64encode(data).decode().rstrip("=") or None
    ref = data.decode(errors="replace")
    return ref if ref not in ("", NOWHERE) else None


def _chance_of(ref: str) -> bytes | None:
    """The 16 bytes that a usual ref is made of."""
    try:
        data = base64.b64decode(ref + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    same = base64.urlsafe_b64encode(data).decode().rstrip("=") == ref
    return data if same and len(data) == REF_BYTES else None
