"""What of a conversation leaves the house: a whole story in, the story of one profile out. No database."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from transcripts.actions.exporting.masking import covered, renamed
from transcripts.formats.story import OPERATOR, SYSTEM, VISITOR, Document, Event, Person, Presence, Story
from transcripts.models import Profile

Change = Callable[[str], str]


def profiled(story: Story, profile: str, secret: bytes = b"") -> Story:
    """The story as the profile tells it; the whole story for `full`.

    `secret`: of one export, for its pseudonyms; the same person has the same one all over it, and another elsewhere.
    Raises KeyError for a profile that does not exist.
    """
    return PROFILES[profile](story, secret)


def _full(story: Story, secret: bytes) -> Story:
    return story


def _external(story: Story, secret: bytes) -> Story:
    """Nothing internal, and nobody who was there unseen."""
    return replace(
        story,
        events=tuple(event for event in story.events if not event.internal),
        presences=tuple(each for each in story.presences if not each.silent),
        tags=(),
        holds=(),
    )


def _subject(story: Story, secret: bytes) -> Story:
    """For the visitor: their own data whole, other people by what they were there, and no other's address."""
    outside = _external(story, secret)
    names = _Names({}, _numbered(outside))
    own = {text for text in _own(outside) if text}

    def unless_own(text: str) -> str:
        return text if text.casefold() in own else _("[redacted]")

    def change(text: str) -> str:
        shown = covered(text, address=unless_own, telephone=_kept, card=_kept)
        return renamed(shown, names.of_others)

    told = _told_anew(outside, names, change)
    return replace(told, is_redacted=told.events != outside.events)


def _training(story: Story, secret: bytes) -> Story:
    """Nobody is named; what could name somebody in a text is covered; documents stay away."""
    outside = _external(story, secret)
    names = _Names({person: _pseudonym(person, secret) for person in _people(outside)}, {})

    def change(text: str) -> str:
        shown = covered(
            text, address=_say(_("[address]")), telephone=_say(_("[number]")), card=_say(_("[card number]"))
        )
        return renamed(shown, names.of_others)

    told = _told_anew(outside, names, change)
    bare = tuple(replace(event, document=_without_bytes(event.document)) for event in told.events)
    return replace(told, events=bare, ref=_mark(story.ref, secret, 16), head="", facts={}, is_redacted=True)


PROFILES: dict[str, Callable[[Story, bytes], Story]] = {
    Profile.FULL: _full,
    Profile.EXTERNAL: _external,
    Profile.SUBJECT: _subject,
    Profile.TRAINING: _training,
}


@dataclass(frozen=True)
class _Names:
    """Who is called what instead: everybody, or only others than the visitor."""

    everybody: Mapping[Person, Person]
    others: Mapping[Person, Person]
    of_others: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person, other in {**self.everybody, **self.others}.items():
            for name in {person.name, *person.name.split()}:
                self.of_others.setdefault(name, other.name)

    def get(self, person: Person | None) -> Person | None:
        if person is None:
            return None
        return self.everybody.get(person) or self.others.get(person) or person


def _people(story: Story) -> list[Person]:
    """Everybody in it, each once, in the order of their first appearance."""
    there = [each.person for each in story.presences]
    spoke = [event.author for event in story.events if event.author]
    visitor = [story.visitor] if story.visitor else []
    return [each for each in dict.fromkeys([*visitor, *there, *spoke]) if each.kind != SYSTEM]


def _numbered(story: Story) -> dict[Person, Person]:
    """The people of the desk as "Operator 1", "Operator 2"; one person keeps one number under every name they had."""
    numbers: dict[str, int] = {}
    others = [person for person in _people(story) if person.kind != VISITOR]
    for person in others:
        numbers.setdefault(person.key, len(numbers) + 1)
    return {each: _anonymous(each, f"operator-{numbers[each.key]}", numbers[each.key]) for each in others}


def _anonymous(person: Person, key: str, number: int) -> Person:
    name = _("Operator %(number)s") if person.kind == OPERATOR else _("Person %(number)s")
    return Person(key, person.kind, name % {"number": number})


def _own(story: Story) -> set[str]:
    said = story.visitor
    return {said.email.casefold()} if said else set()


def _told_anew(story: Story, names: _Names, change: Change) -> Story:
    return replace(
        story,
        visitor=names.get(story.visitor),
        presences=tuple(_presence(each, names) for each in story.presences),
        events=tuple(_event(each, names, change) for each in story.events),
        subject=change(story.subject),
        facts={name: change(text) for name, text in story.facts.items()},
    )


def _presence(presence: Presence, names: _Names) -> Presence:
    return replace(presence, person=names.get(presence.person) or presence.person)


def _event(event: Event, names: _Names, change: Change) -> Event:
    document = event.document and replace(event.document, name=change(event.document.name))
    return replace(event, author=names.get(event.author), text=change(event.text), document=document)


def _without_bytes(document: Document | None) -> Document | None:
    if document is None:
        return None
    ending = document.name.rpartition(".")[2] if "." in document.name else "bin"
    return Document(f"document.{ending}", document.media_type, document.size, "", missing=_("left out of training"))


def _pseudonym(person: Person, secret: bytes) -> Person:
    mark = _mark(person.key, secret, 8)
    word = _("Visitor %(mark)s") if person.kind == VISITOR else _("Operator %(mark)s")
    return Person(f"{person.kind}-{mark}", person.kind, word % {"mark": mark})


def _mark(text: str, secret: bytes, length: int) -> str:
    """The same for the same text and export; without the secret nobody can tell whose it is."""
    digest = hmac.digest(secret, text.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode()[:length]


def _say(words: str) -> Change:
    return lambda _found: words


def _kept(text: str) -> str:
    return text
