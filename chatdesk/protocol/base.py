"""What every part of the contract stands on: version, limits, types of fields, error codes and close codes."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated

from msgspec import Meta, Struct

VERSION = 1
MAX_FRAME_BYTES = 65_536
PREVIEW_CHARS = 400

PRINTABLE = "^[^\\x00-\\x1f\\x7f]*\\Z"  # what a name in a database may be made of; `$` would let a line end through
CommandId = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=1, max_length=64, pattern=PRINTABLE)]
Ref = Annotated[str, Meta(max_length=64, pattern=PRINTABLE)]
Slug = Annotated[str, Meta(max_length=40, pattern=PRINTABLE)]
Number = Annotated[int, Meta(ge=1, le=2**63 - 1)]  # of a row
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


class Command(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", kw_only=True):
    id: CommandId
