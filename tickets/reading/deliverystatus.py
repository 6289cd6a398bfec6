"""What the machine-readable part of a report says (RFC 3464), in whatever container it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tickets.reading.message import Message

TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "message/x-delivery-status"})
MAX_BYTES = 64_000
FAILED, DELAYED, DELIVERED = "failed", "delayed", "delivered"
WORST_FIRST = (FAILED, DELAYED, DELIVERED, "relayed", "expanded")
_FIELD = re.compile(r"^([!-9;-~]{1,60})[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ACTION = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Word:
    """About one recipient: what was done (failed, delayed, ...), the status (RFC 3463), and the server's own words."""

    action: str
    status: str = ""
    diagnostic: str = ""


def has_status(message: Message) -> bool:
    """Whether there is such a part, be it empty."""
    return message.media_type in TYPES or any(each.media_type in TYPES for each in message.files)


def word_of(message: Message) -> Word | None:
    """The worst that it says of a recipient; None if it says nothing."""
    words = [word for text in _texts(message) for word in _words(text)]
    ranked = [word for action in WORST_FIRST for word in words if word.action == action]
    return ranked[0] if ranked else None


def _texts(message: Message) -> Iterator[str]:
    for each in message.files:
        if each.media_type in TYPES:
            yield each.data[:MAX_BYTES].decode("utf-8", "replace").replace("\r\n", "\n")
    if message.media_type in TYPES and not message.files:
        yield message.text


def _words(text: str) -> Iterator[Word]:
    for group in re.split(r"\n[ \t]*\n", text):
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(group)}
        if "action" in fields or "status" in fields:
            yield _word(fields)


def _word(fields: dict[str, str]) -> Word:
    """Programs that leave the action out say by the status whether it is final."""
    status = _STATUS.search(fields.get("status", ""))
    action = _ACTION.match(fields.get("action", "").strip().lower())
    meant = {"5": FAILED, "4": DELAYED, "2": DELIVERED}[status[1]] if status else FAILED
    diagnostic = fields.get("diagnostic-code", "") or fields.get("x-notes-error", "")
    return Word(action[0] if action else meant, ".".join(status.groups()) if status else "", diagnostic)
