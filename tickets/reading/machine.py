"""Whether a machine wrote a mail (RFC 3834)."""

from __future__ import annotations

from tickets.reading.addresses import domain_of
from tickets.reading.message import Message

BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
LOOP_HEADER = "X-Desk-Relay"


def machine_reason(message: Message, envelope_from: str, own_domain: str, loop_mark: str) -> str:
    """Why it counts as written by a machine, in a word; empty for a person."""
    for value in message.header("Auto-Submitted"):
        if value.split(";")[0].strip().lower() != "no":
            return "auto-submitted"
    if any(value.strip().lower() in BULK for value in message.header("Precedence")):
        return "precedence"
    if any(message.header(name) for name in ("List-Id", "List-Unsubscribe", "List-Post")):
        return "list"
    if loop_mark and loop_mark in message.header(LOOP_HEADER):
        return "loop"
    ours = {domain_of(each.address) for each in message.senders}
    if own_domain and own_domain.lower() in ours:
        return "own"
    return "null sender" if envelope_from in ("", "<>") and message.header("Return-Path") == ("<>",) else ""
