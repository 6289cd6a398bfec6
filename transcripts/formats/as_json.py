"""A story as JSON, whole: the part of a mail that programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from transcripts.formats.story import Document, Story
from transcripts.formats.text import encodable, iso

# Not where it lies in the storage: that is nobody's business outside.
SAID_OF_A_FILE = ("name", "media_type", "size", "sha256", "md5", "missing")


def plain(value: Any) -> Any:
    """Dataclasses as objects, times as RFC 3339, texts that have a UTF-8 form."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {encodable(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _names(value)}
    return value


def _names(value: Any) -> tuple[str, ...]:
    return SAID_OF_A_FILE if isinstance(value, Document) else tuple(each.name for each in fields(value))


def as_json(story: Story) -> bytes:
    """UTF-8, keys sorted, two spaces in."""
    return json.dumps(plain(story), ensure_ascii=False, sort_keys=True, indent=2).encode()
