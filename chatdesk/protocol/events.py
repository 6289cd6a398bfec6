"""What the server says unasked."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


class Event(Struct, frozen=True, omit_defaults=True, tag_field="type", kw_only=True):
    """What the server says unasked. Fields at their default are left out of the frame."""


class Author(Struct, frozen=True, omit_defaults=True):
    kind: str  # visitor, operator or system
    name: str = ""
    photo: str = ""
    id: int | None = None  # an operator's number, so that clients can tell colleagues apart


class FileInfo(Struct, frozen=True, omit_defaults=True):
    url: str
    name: str
    size: int  # bytes
    media_type: str
    width: int | None = None  # pixels, images only
    height: int | None = None


class EntryPosted(Event, frozen=True, tag="entry.posted"):
    conversation: str
    seq: int
    kind: str
    author: Author
    body: str
    at: datetime
    client_id: str | UnsetType = UNSET  # to the author alone
    file: FileInfo | None = None


class ConversationState(Event, frozen=True, tag="conversation.state"):
    conversation: str
    state: str  # waiting, active, message (left the queue, answered later) or closed
    position: int | None = None  # place in the queue, the first is 1
    wait_seconds: int | None = None  # what people lately waited; absent when nobody can say
    wait_range: tuple[int, int] | None = None  # the same as people are told it: from, to, in seconds
    closed: bool = False  # it waits for opening hours
    opens_at: datetime | None = None  # then, the next opening; absent when none is known
    choices: list[str] = []  # wait, message, mail: what the visitor is asked just now
    by_mail: bool = False  # they are told of the answer by mail
    on_hold: bool = False  # the operator looks something up
    operator: Author | None = None
    group: str | None = None


class ConversationOffered(Event, frozen=True, tag="conversation.offered"):
    conversation: str
    group: str
    label: str
    snippet: str = ""


class ConversationAssigned(Event, frozen=True, tag="conversation.assigned"):
    conversation: str
    group: str
    label: str
    last_seq: int
    operator: Author | None = None
    role: str = ""  # what the reader is there for: host, guest or monitor; empty: no longer there
    accept_seconds: int | None = None  # it is only offered: taken or answered in that time, or it goes on
    passed: bool = False  # this person did not accept it in time


class Person(Struct, frozen=True):
    author: Author
    role: str  # host, guest or monitor


class ConversationPeople(Event, frozen=True, tag="conversation.people"):
    """Who of the desk is in a conversation; who watches unseen is not among them."""

    conversation: str
    people: list[Person]


class NotePosted(Event, frozen=True, tag="note.posted"):
    conversation: str
    seq: int  # notes have numbers of their own
    kind: str  # note or whisper
    after: int  # the entry it stands behind
    author: Author
    body: str
    at: datetime
    client_id: str  # tells its writer that it arrived


class InvitationOffered(Event, frozen=True, tag="invitation.offered"):
    """To the person asked, to everybody of the group asked, and to who asks."""

    offer: int  # its number, to answer it by
    conversation: str
    kind: str  # invite or warm
    label: str
    group: str  # the conversation's, by its name
    sender: Author
    seconds: int  # left to answer
    operator: Author | None = None  # who is asked: a person
    to_group: str | None = None  # or a group, by its name
    note: str = ""


class InvitationEnded(Event, frozen=True, tag="invitation.ended"):
    offer: int
    conversation: str
    kind: str
    outcome: str  # accepted, declined, expired or withdrawn
    label: str
    sender: Author
    operator: Author | None = None  # who answered; else the person who was asked
    to_group: str | None = None


class QueueChanged(Event, frozen=True, tag="queue.changed"):
    waiting: dict[str, int]  # by group slug


class Typing(Event, frozen=True, tag="typing"):
    conversation: str
    author: Author
    on: bool


class TypingPreview(Event, frozen=True, tag="typing.preview"):
    conversation: str
    text: str


class EntryRead(Event, frozen=True, tag="entry.read"):
    conversation: str
    reader: str  # visitor or operator
    seq: int  # read up to here
    delivered: int


class PresenceChanged(Event, frozen=True, tag="presence.changed"):
    operator: Author
    status: str  # available, away, unavailable, or gone


class ButtonState(Event, frozen=True, tag="button.state"):
    button: str
    state: str  # online, busy, offline (open, nobody there) or masked (closed)
    groups: dict[str, str] = {}
    wait_seconds: int | None = None
    waiting: int | None = None  # how many wait already, while all are busy
    opens_at: datetime | None = None  # when masked: the next opening; absent when none is known
    closed_text: str = ""  # the button's own words for masked or offline, in the listener's language


class AccessEnding(Event, frozen=True, tag="access.ending"):
    """The person's log-in window ends: no new chats from now on, and the session ends at `at`. None: not after all."""

    at: datetime | None


class Heads(Event, frozen=True, tag="heads"):
    heads: dict[str, int]


class Bye(Event, frozen=True, tag="bye"):
    code: int
    after_ms: int
