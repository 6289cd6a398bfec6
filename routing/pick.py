"""Who is next: pure, so that every rule of it can be tried without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who is here and available, as one group sees them. `active` counts the chats of all groups."""

    user_id: int
    priority: int
    active: int
    limit: int
    idle_since: datetime

    @property
    def has_place(self) -> bool:
        return self.active < self.limit


Rank = tuple[int, int, datetime, int]


def rank(candidate: Candidate) -> Rank:
    """Lowest is next: highest priority, then fewest active chats, then longest idle; the id makes it total."""
    return (-candidate.priority, candidate.active, candidate.idle_since, candidate.user_id)


def pick(candidates: Iterable[Candidate]) -> Candidate | None:
    """The one of those with a free place who is next, or None when nobody has one."""
    return min((one for one in candidates if one.has_place), key=rank, default=None)
