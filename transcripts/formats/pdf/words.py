"""The words of a document besides those that people said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo


@dataclass(frozen=True, slots=True)
class Words:
    """English; whoever makes a copy for a person fills in theirs. Places are written {so}."""

    conversation: str = "Conversation"
    untitled: str = "Conversation {ref}"
    group: str = "Group"
    button: str = "Button"
    channel: str = "Channel"
    subject: str = "Subject"
    opened: str = "Started"
    closed: str = "Closed"
    still_open: str = "not closed"
    visitor: str = "Visitor"
    email: str = "E-mail"
    tags: str = "Tags"
    holds: str = "Legal holds"
    head: str = "Head of the records"
    people: str = "Who took part"
    since: str = "from {since} to {until}"
    till_end: str = "the end"
    silent: str = "unseen by the visitor"
    said: str = "What was said"
    nothing: str = "Nothing was said."
    nobody: str = "The desk"
    internal: str = "internal"
    page: str = "Page {n} of {m}"
    zone: str = "Times: {zone} ({offsets})"
    attached: str = "The same conversation for machines: JSON, one line for each thing that happened."
    file: str = "File: {name} ({type}, {size} bytes)"
    fingerprint: str = "SHA-256 {sha256}"
    gone: str = "This file is not kept any more: {why}"
    withheld: str = "This file is not in this copy: {why}"
    edited: str = "changed later"
    edited_new: str = "changed text"
    deleted: str = "deleted"
    file_deleted: str = "file deleted"
    redacted: str = "Parts of this copy were withheld; each place is marked with its reason."
    unseen: str = "Characters that this document has no picture for are written as their numbers, like [U+200E]."
    kinds: dict[str, str] = field(default_factory=lambda: {"operator": "Operator", "system": "Desk", "third": "Other"})


@dataclass(frozen=True, slots=True)
class Bates:
    """The number of the first page; each page has the next."""

    prefix: str
    start: int
    width: int = 8


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that the document carries: UTF-8, as the engine takes no other."""

    name: str
    media_type: str
    about: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """`zone` is what times are shown in, under `zone_name`; `facts` stand below the conversation's own."""

    words: Words = field(default_factory=Words)
    zone: tzinfo = UTC
    zone_name: str = "UTC"
    language: str = "en"
    is_right_to_left: bool = False
    bates: Bates | None = None
    facts: tuple[tuple[str, str], ...] = ()
