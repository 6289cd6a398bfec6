"""What review tools call a document: a conversation, or 24 hours of one that goes on for longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transcripts.formats.options import Options
from transcripts.formats.people import author_of, desk, people_of
from transcripts.formats.rooms import Room, rooms, window
from transcripts.formats.story import OPERATOR, Event, Person, Presence, Story

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Day:
    """A part of a room. `number` counts from 1; the first begins when the conversation was opened."""

    room: Room
    story: Story
    number: int
    begin: datetime
    end: datetime

    @property
    def key(self) -> str:
        """An id that nothing else has."""
        return f"{self.room.key}-{self.number}"

    @property
    def sender(self) -> Person:
        """Who spoke first, else who asked, else the desk."""
        authors = (author_of(self.story, event) for event in self.story.events if event.author)
        return next(authors, self.story.visitor or desk(self.story))

    @property
    def custodians(self) -> list[Person]:
        """The operators who hold a copy; where there was none, the desk."""
        return [who for who in people_of(self.story) if who.kind == OPERATOR] or [desk(self.story)]


def days(story: Story, options: Options) -> Iterator[Day]:
    """All documents of a story; a conversation in which nothing was said is one as well."""
    for room in rooms(story):
        groups: dict[int, list[Event]] = {}
        for event in room.story.events:
            groups.setdefault(max(0, (event.at - story.opened) // DAY), []).append(event)
        for number in sorted(groups) or [0]:
            yield _day(room, number, tuple(groups.get(number, ())), options)


def _day(room: Room, number: int, events: tuple[Event, ...], options: Options) -> Day:
    start = room.story.opened + number * DAY
    _, end = window(room.story, options)
    stays = tuple(stay for stay in room.story.presences if _meets(stay, start))
    first, last = (events[0].at, events[-1].at) if events else (start, min(end, start + DAY))
    return Day(room, replace(room.story, events=events, presences=stays), number + 1, first, max(first, last))


def _meets(stay: Presence, start: datetime) -> bool:
    return stay.since < start + DAY and (stay.until is None or stay.until >= start)
