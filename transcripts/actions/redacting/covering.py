"""Records as a copy tells them: what is marked is gone, with its salt, and what stands instead says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from transcripts.actions.exporting.told import Told
from transcripts.actions.redacting.literal import places
from transcripts.actions.redacting.marks import Marks
from transcripts.formats.story import VISITOR as VISITORS
from transcripts.formats.story import Event, Person, Presence, Story
from transcripts.kinds import Kind
from transcripts.models import Profile, Redaction
from transcripts.models.redaction import VISITOR
from transcripts.spans import Span, cover, shown, whole_signs

NAMING = frozenset({Kind.OPENED, Kind.PARTICIPANT, Kind.JOIN})
# What the desk itself says of people, by their names.
SENTENCES = frozenset({Kind.JOIN, Kind.LEAVE, Kind.TRANSFER, Kind.CLOSE, Kind.NOTICE})
ALL_OF_IT = 2**31


@dataclass(frozen=True, slots=True)
class Use:
    """What a mark covers in one field: `length` characters from `place` on, or a file's facts (0, 0)."""

    mark: int
    reason: str
    number: int
    field: str
    place: int
    length: int


@dataclass(frozen=True)
class Covered:
    """A conversation's records for a copy. `people`: who is called what instead ("visitor", "operator-12")."""

    records: Sequence[Told]
    people: Mapping[str, str] = field(default_factory=dict)
    hides_address: bool = False
    uses: Sequence[Use] = ()


class _Cut(NamedTuple):
    start: int
    end: int
    mark: Redaction


Cuts = dict[tuple[int, str], list[_Cut]]  # by record and field


def covered(records: Sequence[Told], marks: Marks | None) -> Covered:
    """The records with everything covered that is marked. None, or marks of nothing that is here: as they are."""
    if marks is None:
        return Covered(records)
    people = dict(_people(records, marks.rows))
    cuts = _cuts(records, marks, people)
    uses: list[Use] = []
    told = [_covered(each, cuts, uses) for each in records]
    called = {person: shown([mark.reason.name]) for person, mark in people.items()}
    opened = next((each for each in told if each.kind == Kind.OPENED), None)
    return Covered(told, called, bool(opened and "email" in opened.redacted), uses)


def person_of(told: Told) -> str:
    """Whose name a record says: "visitor" or "operator-12"; empty for the desk itself."""
    if told.kind == Kind.OPENED or told.author.get("kind") == VISITORS:
        return VISITOR
    user = told.author.get("user")
    return f"operator-{user}" if user else ""


def _people(records: Sequence[Told], rows: Iterable[Redaction]) -> Iterator[tuple[str, Redaction]]:
    """Who is not named anywhere: those marked, and those whose name is covered where they gave it."""
    naming = {told.number: person_of(told) for told in records if told.kind in NAMING and "name" in told.said}
    for row in rows:
        if row.person:
            yield row.person, row
        elif row.field in ("", "name") and naming.get(row.number):
            yield naming[row.number], row


def _cuts(records: Sequence[Told], marks: Marks, people: Mapping[str, Redaction]) -> Cuts:
    cuts: Cuts = defaultdict(list)
    numbered = {told.number: told for told in records}
    for row in marks.rows:
        if told := numbered.get(row.number):
            for name in [row.field] if row.field else told.said:
                cuts[told.number, name].append(_cut(row, told.said.get(name)))
    for person, row in people.items():
        names = marks.names.get(person, set()) | set(_said_names(records, person))
        for told in records:
            for name, cut in _of_person(told, person, names, row):
                cuts[told.number, name].append(cut)
    return cuts


def _cut(row: Redaction, value: Any) -> _Cut:
    """Where the text is no longer as long as it was, all of it: nothing that was marked may be read."""
    if row.start is None or row.end is None or not isinstance(value, str) or row.end > len(value):
        return _Cut(0, ALL_OF_IT, row)
    return _Cut(row.start, row.end, row)


def _said_names(records: Sequence[Told], person: str) -> Iterator[str]:
    for told in records:
        if told.kind in NAMING and person_of(told) == person and told.said.get("name"):
            yield str(told.said["name"])


def _of_person(told: Told, person: str, names: Iterable[str], row: Redaction) -> Iterator[tuple[str, _Cut]]:
    if told.kind in NAMING and person_of(told) == person:
        fields = ("name", "email") if told.kind == Kind.OPENED else ("name",)
        yield from ((name, _Cut(0, ALL_OF_IT, row)) for name in fields if name in told.said)
    body = told.said.get("body")
    if told.kind in SENTENCES and isinstance(body, str):
        found = sorted({place for name in names for place in places(body, name, whole=True)})
        yield from (("body", _Cut(*place, row)) for place in found)


def _covered(told: Told, cuts: Cuts, uses: list[Use]) -> Told:
    said, salts, instead = dict(told.said), dict(told.salts), {}
    for name in told.said:
        wanted = cuts.get((told.number, name))
        if not wanted:
            continue
        used = _uses(told, name, wanted)
        uses += used
        text = _instead(told.said[name], wanted)
        marks = [{"length": use.length, "place": use.place, "reason": use.reason} for use in used]
        instead[name] = {"marks": marks, "text": text}
        salts.pop(name, None)
        if isinstance(told.said[name], str):
            said[name] = text
        else:
            del said[name]
    return replace(told, said=said, salts=salts, redacted=instead) if instead else told


def _instead(value: Any, cuts: Iterable[_Cut]) -> str:
    if isinstance(value, str) and value:
        return cover(value, [Span(cut.start, cut.end, (cut.mark.reason.name,)) for cut in cuts])
    return shown(list(dict.fromkeys(cut.mark.reason.name for cut in cuts)))


def _uses(told: Told, name: str, cuts: Iterable[_Cut]) -> list[Use]:
    value = told.said[name]
    text = value if isinstance(value, str) else ""
    found = []
    for cut in cuts:
        start, end = whole_signs(text, cut.start, cut.end)
        found.append(Use(cut.mark.pk, cut.mark.reason.code, told.number, name, start, end - start))
    return list(dict.fromkeys(found))


def hidden(story: Story, of: Covered, profile: str) -> Story:
    """The story, told by its profile, without the people who are not to be named.

    A profile that names people anew has done so already; its story is told of them by their own names.
    """
    people = {} if profile == Profile.TRAINING else dict(of.people)
    if profile == Profile.SUBJECT:
        people = {person: name for person, name in people.items() if person == VISITOR}

    def called(person: Person) -> Person:
        is_visitor = person.kind == VISITORS
        name = people.get(VISITOR if is_visitor else person.key)
        if name is not None:
            return replace(person, name=name, email="")
        return replace(person, email="") if is_visitor and of.hides_address else person

    return replace(
        story,
        visitor=story.visitor and called(story.visitor),
        presences=tuple(_there(each, called(each.person)) for each in story.presences),
        events=tuple(_by(event, event.author and called(event.author)) for event in story.events),
        is_redacted=story.is_redacted or bool(of.uses),
    )


def _there(presence: Presence, person: Person) -> Presence:
    return presence if person == presence.person else replace(presence, person=person)


def _by(event: Event, author: Person | None) -> Event:
    return event if author == event.author else replace(event, author=author)
