"""What can have happened in a conversation: the kinds of its records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    OPENED = "opened"  # said: the form's fields
    BEGUN_LATE = "begun_late"  # what comes next, up to its `until`, was recorded after it had happened
    PARTICIPANT = "participant"  # somebody appears or goes without an entry: the visitor, who watches; said: name
    MESSAGE = "message"
    NOTICE = "notice"
    FILE = "file"  # said: name, document
    JOIN = "join"
    LEAVE = "leave"
    TRANSFER = "transfer"
    CLOSE = "close"
    REOPENED = "reopened"
    NOTE = "note"
    WHISPER = "whisper"
    LETTER = "letter"  # said: sha256 of the mail, subject, folded
    CONTACT = "contact"  # somebody saw the visitor's address, or it was changed
    ON_HOLD = "on_hold"  # an operator looks something up
    OFF_HOLD = "off_hold"
    MAIL_HELD = "mail_held"  # something of a mail waits for a person
    MAIL_DECIDED = "mail_decided"
    MAIL_SENT = "mail_sent"
    PICKUP = "pickup"  # an answer was collected
    MERGED = "merged"
    SPLIT = "split"
    FILE_GONE = "file_gone"
    ERASED = "erased"  # at the visitor's wish: values and salts of what was said before have gone
    WITHHELD = "withheld"  # the same, by a rule of retention or a decision; facts say which kinds
    HOLD_ON = "hold_on"  # a legal hold
    HOLD_OFF = "hold_off"
    SEAL = "seal"  # all before it is one closed part


ENTRIES = frozenset({Kind.MESSAGE, Kind.NOTICE, Kind.FILE, Kind.JOIN, Kind.LEAVE, Kind.TRANSFER, Kind.CLOSE})
WORDS = frozenset({"message", "notice", "leave", "close"})  # entries that say their body and nothing else
NOTES = frozenset({Kind.NOTE, Kind.WHISPER})
# A copy may hide these behind the hash of their frame, so each says something salted: else the hash could be guessed.
HIDDEN = frozenset(
    {Kind.PARTICIPANT, Kind.CONTACT, Kind.MAIL_HELD, Kind.MAIL_DECIDED, Kind.WITHHELD, Kind.HOLD_ON, Kind.HOLD_OFF}
)
# What these say goes when a visitor has a conversation deleted; that somebody joined, or it ended, stays.
PERSONAL = NOTES | {
    Kind.OPENED,
    Kind.PARTICIPANT,
    Kind.MESSAGE,
    Kind.FILE,
    Kind.LETTER,
    Kind.CONTACT,
    Kind.MAIL_HELD,
    Kind.MAIL_DECIDED,
    Kind.MAIL_SENT,
    Kind.PICKUP,
}


def is_leaving(kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether the author of such a record is there no longer: by an entry, or, of who watched, by a role no more."""
    return kind == Kind.LEAVE or (kind == Kind.PARTICIPANT and facts.get("role") == "")
