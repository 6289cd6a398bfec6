"""The websocket contract, version 1: every command and event, the error codes and the close codes.

A frame is one JSON object with `type`. Unknown fields are refused. `docs/protocol.md` tells it as a dialogue.
`msgspec` structs serve as the frozen dataclasses: they parse, check and refuse in one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

VERSION = 1
MAX_FRAME_BYTES = 65_536
PREVIEW_CHARS = 400

PRINTABLE = "^[^\\x00-\\x1f\\x7f]*$"  # what a name in a database may be made of
CommandId = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=1, max_length=64, pattern=PRINTABLE)]
Ref = Annotated[str, Meta(max_length=64, pattern=PRINTABLE)]
Slug = Annotated[str, Meta(max_length=40, pattern=PRINTABLE)]
Seq = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Words = Annotated[str, Meta(max_length=500)]
Remark = Annotated[str, Meta(max_length=2000)]
Wait = Annotated[int, Meta(ge=5, le=600)]  # seconds


class Code(StrEnum):
    """Error codes: stable words that programs may rely on."""

    AUTH_REQUIRED = "auth.required"
    AUTH_DENIED = "auth.denied"
    CLOSED = "conversation.closed"
    UNKNOWN = "conversation.unknown"
    TOO_LONG = "entry.too_long"
    EMPTY = "entry.empty"
    RATE = "rate.limited"
    INVALID = "frame.invalid"
    TOO_LARGE = "frame.too_large"
    CONFLICT = "state.conflict"
    RESERVED = "command.reserved"
    FORM = "form.incomplete"
    BUSY = "server.busy"
    FILE_EMPTY = "file.empty"
    FILE_TOO_LARGE = "file.too_large"
    FILE_TYPE = "file.type"
    FILE_UNREADABLE = "file.unreadable"


class Close(IntEnum):
    """Websocket close codes."""

    BAD_FRAMES = 4400
    NOT_SIGNED_IN = 4401
    FORBIDDEN = 4403
    TOO_SLOW = 4408
    TOO_LARGE = 4413
    TOO_MANY = 4429
    OUTSIDE_HOURS = 4440
    ADDRESS = 4441
    WITHDRAWN = 4460
    RESTART = 4503


class Refused(Exception):
    """A command that changed nothing: a code for programs, a sentence for people, and whether trying again can help."""

    def __init__(self, code: Code, detail: str, *, retry: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.retry = retry


# --- commands --------------------------------------------------------------------------------------------------------


class Command(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", kw_only=True):
    id: CommandId


class VisitorHello(Command, frozen=True, tag="hello"):
    v: int
    button: Slug
    token: Annotated[str, Meta(max_length=128)] | None = None
    after: Seq | None = None


class StartConversation(Command, frozen=True, tag="conversation.start"):
    client_id: ClientId
    body: str
    group: Slug | None = None
    fields: dict[str, Words] = {}


class VisitorPost(Command, frozen=True, tag="entry.post"):
    client_id: ClientId
    body: str


class VisitorResume(Command, frozen=True, tag="conversation.resume"):
    after: Seq


class VisitorRead(Command, frozen=True, tag="entry.read"):
    seq: Seq


class VisitorTyping(Command, frozen=True, tag="typing"):
    text: str | None = None


class VisitorClose(Command, frozen=True, tag="conversation.close"):
    """Ends the visitor's own conversation."""


class Choose(Command, frozen=True, tag="conversation.choose"):
    """What a visitor who waits would rather do."""

    choice: Annotated[str, Meta(pattern="^(wait|message|mail)$")]
    email: Annotated[str, Meta(max_length=254)] | None = None


class RatingPost(Command, frozen=True, tag="rating.post"):
    score: int | None = None
    words: str | None = None


VisitorCommand = (
    VisitorHello
    | StartConversation
    | VisitorPost
    | VisitorResume
    | VisitorRead
    | VisitorTyping
    | VisitorClose
    | Choose
    | RatingPost
)


class DeskHello(Command, frozen=True, tag="hello"):
    v: int


class SetPresence(Command, frozen=True, tag="presence.set"):
    status: Annotated[str, Meta(pattern="^(available|away|unavailable)$")]


class Touch(Command, frozen=True, tag="presence.touch"):
    """A key or a pointer was pressed: somebody works here. At most once a minute."""


class Take(Command, frozen=True, tag="conversation.take"):
    conversation: Ref
    after: Seq | None = None


class DeskClose(Command, frozen=True, tag="conversation.close"):
    conversation: Ref
    after: Seq | None = None


class DeskResume(Command, frozen=True, tag="conversation.resume"):
    conversation: Ref
    after: Seq | None = None
    notes: Seq | None = None  # the last note already known: later ones are sent too


class Transfer(Command, frozen=True, tag="conversation.transfer"):
    """Hand it over at once, or `warm`: it stays here until somebody accepts."""

    conversation: Ref
    group: Slug | None = None
    operator: int | None = None
    note: Remark = ""
    warm: bool = False
    within: Wait | None = None  # seconds to accept; the site's time if absent


class Invite(Command, frozen=True, tag="conversation.invite"):
    """Ask a colleague, or whoever of a group is first, into the conversation."""

    conversation: Ref
    group: Slug | None = None
    operator: int | None = None
    note: Remark = ""
    within: Wait | None = None


class AnswerInvitation(Command, frozen=True, tag="invitation.answer"):
    conversation: Ref
    accept: bool


class WithdrawInvitation(Command, frozen=True, tag="invitation.withdraw"):
    conversation: Ref


class Monitor(Command, frozen=True, tag="conversation.monitor"):
    conversation: Ref


class Whisper(Command, frozen=True, tag="conversation.whisper"):
    conversation: Ref
    client_id: ClientId
    body: str


class Join(Command, frozen=True, tag="conversation.join"):
    conversation: Ref


class Leave(Command, frozen=True, tag="conversation.leave"):
    conversation: Ref


class TakeOver(Command, frozen=True, tag="conversation.takeover"):
    conversation: Ref


class Hold(Command, frozen=True, tag="conversation.hold"):
    """The operator looks something up, or is back."""

    conversation: Ref
    on: bool


class DeskPost(Command, frozen=True, tag="entry.post"):
    conversation: Ref
    client_id: ClientId
    body: str


class NotePost(Command, frozen=True, tag="note.post"):
    conversation: Ref
    client_id: ClientId
    body: str


class DeskTyping(Command, frozen=True, tag="typing"):
    conversation: Ref
    seq: Seq | None = None


class DeskRead(Command, frozen=True, tag="entry.read"):
    conversation: Ref
    seq: Seq


DeskCommand = (
    DeskHello
    | SetPresence
    | Touch
    | Take
    | DeskClose
    | DeskResume
    | Transfer
    | Invite
    | Hold
    | AnswerInvitation
    | WithdrawInvitation
    | Monitor
    | Whisper
    | Join
    | Leave
    | TakeOver
    | DeskPost
    | NotePost
    | DeskTyping
    | DeskRead
)

# --- answers and events ----------------------------------------------------------------------------------------------


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
    lost: str | None = None  # the name of an operator whose line broke


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


class ErrorFrame(Struct, frozen=True, tag_field="type", tag="error", kw_only=True):
    id: str | None
    code: str
    detail: str
    retry: bool


_encode = msgspec.json.Encoder().encode


def frame(event: Struct) -> str:
    """An event as the text of one frame."""
    return _encode(event).decode()


def ok_frame(command_id: str, answer: Mapping[str, Any]) -> str:
    """The one answer to a command that was carried out."""
    return _encode({"type": "ok", "id": command_id, **answer}).decode()


def error_frame(command_id: str | None, refused: Refused) -> str:
    """The one answer to a command that was refused."""
    return frame(ErrorFrame(id=command_id, code=refused.code, detail=refused.detail, retry=refused.retry))
