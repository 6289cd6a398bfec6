"""From the text of a frame to a command, or to a plain refusal. Hostile text never ends a socket by an exception."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from chatdesk.protocol import MAX_FRAME_BYTES, Code, Command, Refused


class BadFrame(Refused):
    """A frame that is no command; `command_id` is its `id` if it had a readable one."""

    def __init__(self, detail: str, command_id: str | None = None) -> None:
        super().__init__(Code.INVALID, detail)
        self.command_id = command_id


class _Named(msgspec.Struct):
    id: str | None = None


_named = msgspec.json.Decoder(_Named)


def parse(decoder: msgspec.json.Decoder[Any], text: str | None) -> Command:
    """The command in a text frame. Raises BadFrame for binary frames and whatever is not exactly a command."""
    if text is None:
        raise BadFrame(_("Only text frames are understood."))
    try:
        command: Command = decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
        raise BadFrame(_reason(error), id_of(text)) from None
    return command


def _reason(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return str(error)
    return _("This frame is not valid JSON.")


def id_of(text: str | None) -> str | None:
    """The readable `id` of a frame that may be anything."""
    if text is None or len(text) > MAX_FRAME_BYTES:
        return None
    try:
        command_id = _named.decode(text).id
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
        return None
    return command_id if command_id is not None and len(command_id) <= 64 else None
