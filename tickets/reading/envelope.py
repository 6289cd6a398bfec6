from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Envelope:
    """How a mail came, beside its bytes: what the server was told, never what the mail says of itself.

    `via` is a value of IncomingMail.Via. `sender` is empty for the null sender (RFC 5321, 4.5.5). `source_key` names
    the mail where it was fetched: account, UIDVALIDITY and UID, or a webhook's event.
    """

    via: str
    recipient: str
    sender: str = ""
    client_ip: str = ""
    helo: str = ""
    source_key: str = ""
