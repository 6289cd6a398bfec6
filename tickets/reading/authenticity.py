"""Whether a mail comes from who it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tickets.reading.envelope import Envelope
from tickets.reading.message import Message

Dns = Callable[[str, str], list[str]]
_PASS = re.compile(r";\s*dmarc\s*=\s*pass\b", re.IGNORECASE)


@dataclass(frozen=True)
class Proof:
    """`state`: proven, unproven, failed or temporary; `why` in a few words without addresses."""

    state: str
    why: str = ""


def prove(raw: bytes, message: Message, envelope: Envelope, trusted_results: str, dns: Dns | None) -> Proof:
    """Whether the address in From is its sender's (RFC 7489, RFC 8601)."""
    results = message.header("Authentication-Results")
    if trusted_results and results:
        server, _semicolon, _rest = results[0].partition(";")
        if server.strip().lower() == trusted_results.lower() and _PASS.search(results[0]):
            return Proof("proven", "dmarc")
    return Proof("unproven", "no proof")
