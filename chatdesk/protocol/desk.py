"""What an operator's desk says."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chatdesk.protocol.base import ClientId, Command, Number, Ref, Remark, Seq, Slug, Wait


class DeskHello(Command, frozen=True, tag="hello"):
    v: int


class SetPresence(Command, frozen=True, tag="presence.set"):
    status: Annotated[str, Meta(pattern="^(available|away|unavailable)\\Z")]


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
    offer: Number | None = None  # which one; may be left out while a single one is open


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
