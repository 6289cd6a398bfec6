"""One conversation as every format tells it: plain values, no database behind them.

Times are aware and in UTC. Whoever builds a story (by a profile) decides what is in it; a format leaves nothing out and
adds nothing. A story fits in memory; an export of many does not have to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

VISITOR, OPERATOR, SYSTEM, THIRD = "visitor", "operator", "system", "third"

# What an event says about an earlier one. Mattermost's words, which its archives and readers know; "" means created.
CREATED = ""
EDITED_ORIGINAL = "EditedOriginalMsg"
EDITED_NEW = "EditedNewMsg"
UNCHANGED = "UpdatedNoMsgChange"
DELETED = "Deleted"
FILE_DELETED = "FileDeleted"
UPDATES = (CREATED, EDITED_ORIGINAL, EDITED_NEW, UNCHANGED, DELETED, FILE_DELETED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, named as at the time. `key` is stable and says nothing ("operator-12"); `email` may be empty."""

    key: str
    kind: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's facts. `size` in bytes, hashes in hex; `missing` is the reason why it is known not to be there."""

    name: str
    media_type: str
    size: int
    sha256: str
    md5: str = ""
    key: str = ""
    path: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `number` and `update` together name it within its conversation.

    `text` is what a reader sees, for every kind ("Alice joined the chat"); a file's event may have a text of its own
    beside its document. `at` is when the thing was created, `updated` when it was changed or deleted.
    `edited_by` is the number of the event that holds the newer text, as text.
    """

    number: int
    kind: str
    at: datetime
    author: Person | None
    text: str
    seq: int | None = None
    update: str = CREATED
    updated: datetime | None = None
    edited_by: str = ""
    internal: bool = False
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody was there. `until` is None for who has not left; `silent` for who listened unseen by the visitor."""

    person: Person
    since: datetime
    until: datetime | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation. `ref` is its public name, `head` the hash that its chain of records ends with (hex or "")."""

    ref: str
    site: str
    group: str
    group_slug: str
    button: str
    channel: str
    subject: str
    opened: datetime
    closed: datetime | None
    visitor: Person | None
    presences: tuple[Presence, ...] = ()
    events: tuple[Event, ...] = ()
    tags: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    is_redacted: bool = False
    head: str = ""
    language: str = ""
    facts: dict[str, str] = field(default_factory=dict)
