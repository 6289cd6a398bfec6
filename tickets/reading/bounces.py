"""What a server says about a mail that could not be delivered (RFC 3464)."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.reading.message import Message


@dataclass(frozen=True)
class Bounce:
    """`kind`: hard, soft, delayed or delivered. `message_ids`: of the mails it speaks of."""

    kind: str
    code: int = 0
    status: str = ""
    diagnostic: str = ""
    message_ids: tuple[str, ...] = ()


def bounce_of(message: Message, envelope_from: str) -> Bounce | None:
    """None for what is no such report."""
    if envelope_from in ("", "<>") and message.media_type == "multipart/report":
        return Bounce("hard")
    return None
