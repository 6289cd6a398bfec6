"""A rule of retention, and what it is applied to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Anchor = Literal["closed", "last"]  # the end of the conversation, or its last entry
WHOLE = "text"  # what was said: when it goes, the whole conversation goes with everything that belongs to it


@dataclass(frozen=True)
class Rule:
    """`group` None: for all groups. `kind` empty: for every kind of conversation. None of days: says nothing of that.

    `keep_days`: at least so long, whatever else is said. `delete_days`: then it goes.
    """

    policy: str
    group: int | None = None
    data: str = WHOLE
    kind: str = ""
    keep_days: int | None = None
    delete_days: int | None = None
    anchor: Anchor = "closed"
    export_first: bool = False


@dataclass(frozen=True)
class Facts:
    """One conversation: every group it was in, when it ended (None: it has not), when something was last said.

    `kept_by_hand`: until when somebody wants it kept. `is_exported`: whether an export was confirmed that holds it.
    """

    groups: frozenset[int]
    closed_at: datetime | None
    last_at: datetime
    kind: str = ""
    holds: tuple[str, ...] = ()
    kept_by_hand: datetime | None = None
    is_exported: bool = False

    def begins(self, anchor: Anchor) -> datetime | None:
        """When the time of a rule begins to run; None while the conversation is open."""
        if self.closed_at is None:
            return None
        return max(self.closed_at, self.last_at) if anchor == "last" else self.closed_at


@dataclass(frozen=True)
class Outcome:
    """Until when it has to be kept, when it goes (None: never, as things stand), and by which policies.

    `waits_for_export`: it is to be exported before it goes, and was not.
    """

    kept_until: datetime | None = None
    due_at: datetime | None = None
    keeps: str = ""
    deletes: str = ""
    holds: tuple[str, ...] = ()
    waits_for_export: bool = False

    def is_due(self, now: datetime) -> bool:
        return not self.holds and not self.waits_for_export and self.due_at is not None and self.due_at <= now


def days(count: int) -> timedelta:
    return timedelta(days=count)
