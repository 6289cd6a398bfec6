"""What a visitor's page says."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chatdesk.protocol.base import ClientId, Command, Seq, Slug, Words


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

    choice: Annotated[str, Meta(pattern="^(wait|message|mail)\\Z")]
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
