"""Who is in a story, and how formats that know people by an address call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from transcripts.formats.story import OPERATOR, SYSTEM, THIRD, VISITOR, Event, Person, Story

DOMAINS = {VISITOR: "visitor.invalid", OPERATOR: "operator.invalid", SYSTEM: "system.invalid", THIRD: "third.invalid"}
# Deliberately narrow: what is no plain address (two of them, a quoted part, a line end) is never written into a header.
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")


def email_of(person: Person) -> str:
    """The person's address if it is a plain one, else one under .invalid (RFC 2606) that stays the same for them."""
    if ADDRESS.fullmatch(person.email):
        return person.email
    key = re.sub(r"[^A-Za-z0-9]+", "-", person.key).strip("-").lower() or "unknown"
    local = key if key.startswith(person.kind) else f"{person.kind}-{key}"
    return f"{local[:64]}@{DOMAINS.get(person.kind, DOMAINS[THIRD])}"


def desk(story: Story) -> Person:
    """The author of what nobody wrote: notices of the desk itself."""
    return Person("system", SYSTEM, story.site or "system")


def author_of(story: Story, event: Event) -> Person:
    """Who an event comes from; never nobody."""
    return event.author or desk(story)


def user_type(person: Person) -> str:
    """Mattermost's and Actiance's word."""
    return "bot" if person.kind == SYSTEM else "user"


def unique(people: Iterable[Person]) -> list[Person]:
    """Each once, by key, in the order of their first appearance."""
    found: dict[str, Person] = {}
    for person in people:
        found.setdefault(person.key, person)
    return list(found.values())


def people_of(story: Story) -> list[Person]:
    """The visitor, whoever was there, whoever wrote."""
    return unique(_everyone(story))


def _everyone(story: Story) -> Iterator[Person]:
    if story.visitor:
        yield story.visitor
    yield from (presence.person for presence in story.presences)
    yield from (event.author for event in story.events if event.author)
