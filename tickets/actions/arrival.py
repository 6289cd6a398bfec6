from __future__ import annotations

from dataclasses import dataclass

from tickets.models import IncomingMail
from tickets.reading.message import Message


@dataclass(frozen=True)
class Arrival:
    """A mail, read once."""

    mail: IncomingMail
    raw: bytes
    message: Message
    machine: str
    proof: str
    why: str

    @property
    def is_sealed(self) -> bool:
        """Whether what it says can't be known here."""
        return self.message.is_encrypted or self.mail.is_cut
