"""What the desk hears from others: a mail that a provider handed on."""

from __future__ import annotations

from typing import Any

from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, inbound
from django.dispatch import receiver

from tickets.actions.addressing import recipient_of
from tickets.actions.receiving import keep
from tickets.models import IncomingMail
from tickets.reading.envelope import Envelope
from tickets.reading.fingerprint import head_of
from tickets.reading.message import read

RAW_FIELDS = ("body-mime", "RawEmail")  # where providers put the bytes as they came
LONGEST_KEY = 200


@receiver(inbound)
def take_in(sender: Any, event: AnymailInboundEvent, esp_name: str, **_more: Any) -> None:
    """Keep it, committed; whatever is raised makes the provider try again later."""
    raw = _raw(event)
    keep(raw, _envelope(raw, event, esp_name))  # and the sweep works it off


def _envelope(raw: bytes, event: AnymailInboundEvent, esp_name: str) -> Envelope:
    message: AnymailInboundMessage = event.message
    key = f"{esp_name}:{event.event_id}"[:LONGEST_KEY] if event.event_id else ""
    recipient = message.envelope_recipient or recipient_of(read(head_of(raw)), "")
    return Envelope(IncomingMail.Via.WEBHOOK, recipient, message.envelope_sender or "", source_key=key)


def _raw(event: AnymailInboundEvent) -> bytes:
    """The bytes as they came, where the provider has them; else what can be put together of its fields."""
    fields = getattr(event.esp_event, "POST", event.esp_event)
    for name in RAW_FIELDS:
        if name in fields:
            return str(fields[name]).encode("utf-8", "surrogateescape")
    try:
        return bytes(event.message.as_bytes())
    except (UnicodeError, LookupError, KeyError):  # Python can't write every mail that it could read
        return str(event.message.as_string()).encode("utf-8", "surrogateescape")
