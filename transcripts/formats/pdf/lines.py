"""A story for machines, embedded in the document: JSON Lines, the conversation first, then what happened in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from transcripts.formats.story import Story


def story_lines(story: Story) -> bytes:
    """UTF-8. Times are ISO 8601 in UTC; what is empty is left out."""
    return "".join(_line(each) + "\n" for each in _things(story)).encode("utf-8", "surrogatepass")


def _things(story: Story) -> Iterator[dict[str, Any]]:
    facts = asdict(story)
    events = facts.pop("events")
    yield {"conversation": facts}
    for event in events:
        yield {"event": event}


def _line(thing: Any) -> str:
    return json.dumps(_plain(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each not in (None, "", (), [], {})}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
