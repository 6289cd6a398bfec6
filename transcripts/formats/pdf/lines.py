"""A story for machines, embedded in the document: JSON Lines, the conversation first, then what happened in it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from transcripts.formats.story import Story

EMPTY: tuple[Any, ...] = (None, "", (), [], {})
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def story_lines(story: Story) -> bytes:
    """UTF-8. Times are ISO 8601 in UTC; what is empty is left out."""
    facts = _plain(story)
    events = facts.pop("events", [])
    things = [{"conversation": facts}, *({"event": event} for event in events)]
    return "".join(f"{_encoder.encode(each)}\n" for each in things).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    """Not by `asdict`, which copies each value deeply: that took a sixth of what setting the document takes."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each not in EMPTY}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        found = ((name, getattr(value, name)) for name in _names(value.__class__))
        return {name: _plain(each) for name, each in found if each not in EMPTY}
    return value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
