"""Events and answers as the text of frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from chatdesk.protocol.base import Refused


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
