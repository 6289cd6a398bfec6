"""A mail as the desk sees it: `read` makes it from bytes and never raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tickets.reading.bodies import Content, FilePart, content_of
from tickets.reading.mailboxes import Mailbox, mailboxes
from tickets.reading.structure import Headers, Part, take_apart
from tickets.reading.words import decoded_words, unfolded

MAX_IDS = 100
_ID = re.compile(r"<([^<>\s]{1,990})>")
_BARE_ID = re.compile(r"[^<>\s,]{1,988}@[^<>\s,]{1,250}")
_KNOWN = frozenset({"from", "to", "date", "subject", "message-id", "received", "content-type", "mime-version", "cc"})

__all__ = ["FilePart", "Mailbox", "Message", "read"]


@dataclass(frozen=True)
class Message:
    """What a mail says. Ids are with their < and >; `date` is in UTC; files have safe, unique names.

    `text` is the plain text ('' if the sender wrote HTML only), `html` the HTML as it came: both uncut and unclean.
    `is_readable` is False when the bytes are no mail, or too large or tangled to be read whole: people are shown that.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    senders: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    files: tuple[FilePart, ...] = ()
    is_readable: bool = True
    is_encrypted: bool = False
    media_type: str = "text/plain"
    headers: Headers = field(default=(), repr=False)

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header in order, unfolded, encoded words as they are."""
        wanted = name.lower()
        return tuple(unfolded(value) for key, value in self.headers if key == wanted)


def read(raw: bytes) -> Message:
    """A mail from its bytes (RFC 5322, RFC 2045 to 2049). Never raises: what can't be read is_readable=False."""
    try:
        root = take_apart(raw)
        return _message(root, content_of(root))
    except Exception:  # a mail that nobody foresaw must not stop the next one
        return Message(is_readable=False)


def _message(root: Part, content: Content) -> Message:
    ids = _ids(root.all("message-id"))
    return Message(
        message_id=ids[0] if ids else "",
        in_reply_to=_ids(root.all("in-reply-to")),
        references=_ids(root.all("references")),
        senders=_people(root, "from"),
        reply_to=_people(root, "reply-to"),
        to=_people(root, "to"),
        cc=_people(root, "cc"),
        subject=decoded_words(root.first("subject"))[:1000],
        date=_date(root.first("date")),
        text=content.text,
        html=content.html,
        files=content.files,
        is_readable=root.is_whole and content.is_readable and any(name in _KNOWN for name, _value in root.headers),
        is_encrypted=content.is_encrypted,
        media_type=root.media_type,
        headers=root.headers,
    )


def _people(root: Part, name: str) -> tuple[Mailbox, ...]:
    return tuple(mailbox for value in root.all(name) for mailbox in mailboxes(value))


def _ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Message ids without repeats; one without its < > gets them (some programs leave them out)."""
    found = [f"<{each}>" for value in values for each in _ID.findall(value)]
    if not found:
        found = [f"<{each}>" for value in values for each in _BARE_ID.findall(value)]
    return tuple(dict.fromkeys(found))[:MAX_IDS]


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value[:200])
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
