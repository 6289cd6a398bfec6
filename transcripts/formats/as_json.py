"""A story as JSON, whole: the part of a mail that programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from transcripts.formats.story import Story
from transcripts.formats.text import encodable, iso


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
        return plain(asdict(value))
    return value


def as_json(story: Story) -> bytes:
    """UTF-8, keys sorted, two spaces in."""
    return json.dumps(plain(story), ensure_ascii=False, sort_keys=True, indent=2).encode()
