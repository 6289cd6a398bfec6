"""Who is next: pure, so that every rule of it can be tried without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from routing.models.group import Policy

LONG_AGO = datetime.min.replace(tzinfo=UTC)
EVER = datetime.max.replace(tzinfo=UTC)
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who is here and available, as one group sees them. `active` counts the chats of all groups.

    `given_at` is when they last got a chat, of any group; None: never. `languages` are short codes, such as de.
    """

    user_id: int
    priority: int
    active: int
    limit: int
    idle_since: datetime
    given_at: datetime | None = None
    languages: frozenset[str] = frozenset()

    @property
    def has_place(self) -> bool:
        return self.active < self.limit


@dataclass(frozen=True, slots=True)
class Rules:
    """How one group hands out. `room` is how many more chats it may hold; None: any number."""

    policy: Policy = Policy.FEWEST
    same_language_first: bool = False
    pause: timedelta = timedelta(0)
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What one waiting chat asks for: its visitor's language, who gave it away, and who let it pass."""

    language: str = ""
    given_by: int | None = None
    passed_by: frozenset[int] = NOBODY


Rank = tuple[int, int, datetime, int]
USUAL, ANY = Rules(), Wish()


def rank(candidate: Candidate, rules: Rules = USUAL) -> Rank:
    """Lowest is next: highest priority, then as the policy says; the id makes it total.

    Fewest chats: then fewest, then longest idle. In turn: then who was given one longest ago.
    """
    if rules.policy == Policy.ROUND_ROBIN:
        return (-candidate.priority, 0, candidate.given_at or LONG_AGO, candidate.user_id)
    return (-candidate.priority, candidate.active, candidate.idle_since, candidate.user_id)


def is_free(candidate: Candidate, rules: Rules = USUAL, now: datetime = EVER) -> bool:
    """Whether they have a place, and the pause after their last chat is over."""
    rested = not rules.pause or candidate.given_at is None or candidate.given_at + rules.pause <= now
    return candidate.has_place and rested


def has_room(rules: Rules) -> bool:
    return rules.room is None or rules.room > 0


def pick(
    candidates: Iterable[Candidate], rules: Rules = USUAL, wish: Wish = ANY, now: datetime = EVER
) -> Candidate | None:
    """The one of the free people who is next, or None when there is none, or the group may hold no more.

    Who gave the chat away gets it back only if nobody else of the group is here and available: while somebody is, free
    or not, it waits for them. Who let it pass is asked again when no other is free. Then, where the group wants it, who
    speaks the visitor's language comes before who doesn't.
    """
    if not has_room(rules):
        return None
    everybody = list(candidates)
    others = [one for one in everybody if one.user_id != wish.given_by] or everybody
    free = [one for one in others if is_free(one, rules, now)]
    asked = [one for one in free if one.user_id not in wish.passed_by] or free
    speaking = [one for one in asked if rules.same_language_first and wish.language in one.languages]
    return min(speaking or asked, key=lambda one: rank(one, rules), default=None)
