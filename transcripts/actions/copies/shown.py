"""What of a conversation its visitor may have: what they could see at the time, and nobody's address but theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from chatdesk.contact import masked
from transcripts.actions.exporting.lines import line_of
from transcripts.actions.exporting.told import Told
from transcripts.formats.story import VISITOR, Event, Person, Presence, Story
from transcripts.kinds import Kind
from transcripts.proof import bundle, chain
from transcripts.proof.canonical import canonical

# All other kinds are the desk's own: that they happened is not the visitor's to know.
SHOWN: frozenset[str] = frozenset(
    {
        Kind.OPENED,
        Kind.BEGUN_LATE,
        Kind.MESSAGE,
        Kind.NOTICE,
        Kind.FILE,
        Kind.JOIN,
        Kind.LEAVE,
        Kind.TRANSFER,
        Kind.CLOSE,
        Kind.REOPENED,
        Kind.FILE_GONE,
        Kind.ERASED,
        Kind.SEAL,
    }
)
TOLD = SHOWN - {Kind.BEGUN_LATE, Kind.SEAL, Kind.OPENED}  # what is an event to read; the form stands in the head


def is_shown(told: Told) -> bool:
    """Who appears is known to the visitor by joining; a participant's record is shown if it is their own."""
    if told.facts.get("silent"):
        return False
    return told.kind in SHOWN or (told.kind == Kind.PARTICIPANT and told.author.get("kind") == VISITOR)


def story_for_visitor(whole: Story, records: Collection[Told], *, with_contact: bool) -> Story:
    """The story without what is the desk's own. Without contact, the visitor's address is masked as it is for all."""
    numbers = {told.number for told in records if is_shown(told) and told.kind in TOLD}
    events = tuple(_bare_event(event) for event in whole.events if event.number in numbers and not event.internal)
    visitor = whole.visitor
    if visitor and not with_contact:
        visitor = replace(visitor, email=masked(visitor.email))
    seen = {event.author.key for event in events if event.author} | ({visitor.key} if visitor else set())
    there = tuple(_bare_presence(each) for each in whole.presences if each.person.key in seen and not each.silent)
    return replace(whole, events=events, visitor=visitor, presences=there, tags=(), holds=())


def _bare(person: Person) -> Person:
    """Addresses stand in the head alone: the visitor's own. Who is called by their address is not called at all."""
    return replace(person, email="", name="" if person.name == person.email else person.name)


def _bare_event(event: Event) -> Event:
    return replace(event, author=event.author and _bare(event.author))


def _bare_presence(presence: Presence) -> Presence:
    return replace(presence, person=_bare(presence.person))


def lines_for_visitor(records: Collection[Told], *, with_contact: bool) -> Iterator[bytes]:
    """The chain: what is not shown is there by its hash alone, so that the chain still verifies."""
    for told in records:
        if not is_shown(told):
            yield bundle.hidden_line(told.number, chain.digest(told.frame.encode()).hex(), told.hash)
        elif told.kind == Kind.OPENED and not with_contact:
            yield _line(told, frozenset({"email"}))
        else:
            yield _line(told, frozenset())


def _line(told: Told, withheld: Collection[str]) -> bytes:
    said = {name: value for name, value in told.said.items() if name not in withheld}
    salts = {name: told.salts[name] for name in said}
    line = line_of(canonical(said).decode(), told.frame, told.hash, canonical(salts).decode())
    return f"{line}\n".encode()
