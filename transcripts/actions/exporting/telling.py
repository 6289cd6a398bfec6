"""Records as events that people read: a sentence for what has no words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transcripts.actions.exporting.told import Told
from transcripts.formats.story import CREATED, DELETED, FILE_DELETED, SYSTEM, VISITOR, Document, Event, Person
from transcripts.kinds import NOTES, Kind, is_leaving

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

DESK = Person("system", SYSTEM, "chatdesk")
# What proves the records, and what only compliance knows of: nothing that took place in the conversation.
UNTOLD = frozenset({Kind.SEAL, Kind.BEGUN_LATE, Kind.HOLD_ON, Kind.HOLD_OFF})
INTERNAL = NOTES | {
    Kind.CONTACT,
    Kind.MAIL_HELD,
    Kind.MAIL_DECIDED,
    Kind.ON_HOLD,
    Kind.OFF_HOLD,
    Kind.MERGED,
    Kind.SPLIT,
}
LEFT = gettext_lazy("%(name)s left the conversation.")
SENTENCES: dict[str, StrPromise] = {
    Kind.OPENED: gettext_lazy("The conversation began."),
    Kind.PARTICIPANT: gettext_lazy("%(name)s came into the conversation."),
    Kind.REOPENED: gettext_lazy("The conversation was taken up again."),
    Kind.LETTER: gettext_lazy("A mail came in."),
    Kind.CONTACT: gettext_lazy("Contact data was looked at or changed."),
    Kind.ON_HOLD: gettext_lazy("An operator began to look something up."),
    Kind.OFF_HOLD: gettext_lazy("The operator came back."),
    Kind.MAIL_HELD: gettext_lazy("Something of a mail was held back until a person had looked at it."),
    Kind.MAIL_DECIDED: gettext_lazy("Something held back was decided."),
    Kind.MAIL_SENT: gettext_lazy("A mail was sent."),
    Kind.PICKUP: gettext_lazy("The answer was collected."),
    Kind.MERGED: gettext_lazy("This was joined with another conversation."),
    Kind.SPLIT: gettext_lazy("A part of this became a conversation of its own."),
    Kind.FILE_GONE: gettext_lazy("A file was deleted."),
    Kind.ERASED: gettext_lazy("At the visitor's wish, what was said up to here was deleted."),
    Kind.WITHHELD: gettext_lazy("By a rule of retention or a decision, something said up to here was deleted."),
}


@dataclass(frozen=True)
class Cast:
    """Who the participants of a conversation were, by their numbers, and the operators by theirs."""

    parts: Mapping[int, Person]
    users: Mapping[int, Person]
    called: Mapping[str, str] = field(default_factory=dict)  # by key: what a copy calls people instead

    def name_of(self, person: Person) -> str:
        return self.called.get(VISITOR if person.kind == VISITOR else person.key, person.name)

    def author(self, told: Told) -> Person | None:
        """None for the desk itself."""
        by_part = self.parts.get(told.author.get("participant", 0))
        user = told.author.get("user") or told.facts.get("user")
        return by_part or (self.users.get(user) if isinstance(user, int) else None)


def event_of(told: Told, cast: Cast) -> Event | None:
    """The record as an event; None for what is no part of the conversation itself."""
    if told.kind in UNTOLD:
        return None
    document = document_of(told)
    author = cast.author(told)
    return Event(
        number=told.number,
        seq=told.seq,
        kind=str(told.kind),
        at=told.at,
        author=author,
        text=_text(told, document, cast.name_of(author) if author else _("Somebody")),
        update=_update(told),
        internal=told.kind in INTERNAL or bool(told.facts.get("silent")),
        document=document,
    )


def document_of(told: Told) -> Document | None:
    """The file that a record brings; what was erased is known by its place alone, what is covered by its name."""
    if told.kind != Kind.FILE:
        return None
    facts, covered = told.said.get("document"), told.redacted.get("document")
    name = str(told.said.get("name") or "file")
    if not facts and covered:
        return Document(name, "application/octet-stream", 0, "", missing=covered["text"])
    if not facts:
        return Document("file", "application/octet-stream", 0, "", missing=_("deleted"))
    return Document(name, facts["media_type"], int(facts["size"]), facts["sha256"], key=facts["key"])


def _text(told: Told, document: Document | None, name: str) -> str:
    body = told.said.get("body")
    if body is not None:
        return str(body)
    if document is not None:
        return document.name
    if told.is_withheld and told.kind not in SENTENCES:
        return _("[deleted]")
    sentence = LEFT if is_leaving(told.kind, told.facts) else SENTENCES.get(told.kind, told.kind)
    return "\n".join([str(sentence) % {"name": name}, *_details(told)])


def _details(told: Told) -> list[str]:
    """What was said beside a sentence, field by field: a form's answers, a letter's subject."""
    return [f"{name}: {value}" for name, value in told.said.items() if isinstance(value, str | int) and value != ""]


def _update(told: Told) -> str:
    if told.kind == Kind.FILE_GONE:
        return FILE_DELETED
    return DELETED if told.kind == Kind.FILE and told.is_withheld else CREATED
