"""Formats that know no internal notes get two conversations of one: what the visitor saw, and "(internal)"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from transcripts.formats.options import Options
from transcripts.formats.people import author_of, unique
from transcripts.formats.story import Event, Person, Presence, Story

INTERNAL = " (internal)"


@dataclass(frozen=True, slots=True)
class Room:
    """A part of a story that stands as a conversation of its own. `key` is its id, `name` what people read."""

    story: Story
    key: str
    name: str
    internal: bool = False

    def event_id(self, event: Event) -> str:
        """The id of an event in formats that call it a post or a message: "REF.7", over both rooms the same."""
        return f"{self.story.ref}.{event.number}"


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in a room. `since` and `until` are always there; `ended` says whether the person really left then."""

    person: Person
    since: datetime
    until: datetime
    ended: bool


def title_of(story: Story) -> str:
    """What a conversation is called where a name must be."""
    return story.subject or " ".join(filter(None, [story.group or story.site, story.ref]))


def rooms(story: Story) -> list[Room]:
    """The visitor's conversation, and the internal one if something internal happened."""
    title = title_of(story)
    open_events = tuple(event for event in story.events if not event.internal)
    seen = tuple(presence for presence in story.presences if not presence.silent)
    told = [Room(replace(story, events=open_events, presences=seen), story.ref, title)]
    if aside := _aside(story):
        told.append(Room(aside, f"{story.ref}-internal", title + INTERNAL, internal=True))
    return told


def _aside(story: Story) -> Story | None:
    events = tuple(event for event in story.events if event.internal)
    unseen = tuple(presence for presence in story.presences if presence.silent)
    if not events and not unseen:
        return None
    known = {presence.person.key for presence in unseen}
    authors = unique(event.author for event in events if event.author and event.author.key not in known)
    stays = tuple(Presence(person, story.opened, story.closed) for person in authors)
    return replace(story, events=events, presences=unseen + stays, visitor=None)


def window(story: Story, options: Options) -> tuple[datetime, datetime]:
    """From when to when this export tells the story."""
    start = options.since or story.opened
    end = options.until or story.closed or options.exported_at
    return start, max(start, end)


def stays(room: Room, options: Options) -> list[Stay]:
    """Everybody's times in the room, closed at the window's end; who wrote without having come gets one made up."""
    start, end = window(room.story, options)
    found = [_stay(presence, end) for presence in room.story.presences]
    known = {stay.person.key for stay in found}
    others = unique(author_of(room.story, event) for event in room.story.events)
    found += [Stay(person, start, end, ended=False) for person in others if person.key not in known]
    return sorted(found, key=lambda stay: (stay.since, stay.person.email, stay.person.key))


def _stay(presence: Presence, end: datetime) -> Stay:
    ended = presence.until is not None and presence.until <= end
    until = presence.until if presence.until is not None and ended else end
    return Stay(presence.person, presence.since, max(presence.since, until), ended)
