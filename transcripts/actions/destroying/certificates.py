"""The certificate of destruction: what was destroyed, when, why and by which policy. A table, to be kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from transcripts.models import Tombstone

COLUMNS = (
    "conversation",
    "group",
    "opened",
    "closed",
    "entries",
    "notes",
    "files",
    "bytes",
    "records",
    "head",
    "policy",
    "due",
    "quarantined",
    "holds_asked",
    "destroyed",
    "versions_deleted",
    "locked_copies",
    "locked_until",
    "log_leaf",
)
LOCKED = {"locked_copies": "copies", "locked_until": "until"}  # unreadable from the destruction on


def certificate(stones: Iterable[Tombstone]) -> Iterator[str]:
    """CSV (RFC 4180), a line for each conversation; a heading first. Times in UTC, sizes in bytes."""
    yield _line(COLUMNS)
    for stone in stones:
        yield _line([_cell(stone, column) for column in COLUMNS])


def _cell(stone: Tombstone, column: str) -> object:
    if column == "group":
        return stone.group_slug
    if column == "destroyed":
        return stone.destroyed_at.isoformat()
    if column == "log_leaf":
        return stone.leaf
    if column == "versions_deleted":
        return sum(each["versions"] for each in stone.facts.get("objects", ()))
    if column in LOCKED:
        return stone.facts.get("locked", {}).get(LOCKED[column])
    return stone.facts.get(column)


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()
