"""A conversation as a story: from its records alone, as it was told at the time, and then by a profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from accounts.models import User
from chatdesk.contact import address_of
from chatdesk.models import Conversation, Participant
from transcripts.actions.exporting.telling import Cast, event_of
from transcripts.actions.exporting.told import Told
from transcripts.formats.story import OPERATOR, VISITOR, Event, Person, Presence, Story
from transcripts.kinds import Kind, is_leaving

RELATED = ("group", "button", "visitor")


def whole_story(
    conversation: Conversation,
    records: Sequence[Told],
    *,
    named: Sequence[Told] | None = None,
    called: Mapping[str, str] | None = None,
) -> Story:
    """Everything that its records tell.

    Of a copy in which something is covered: `named` are the records as they are, from which people have their names
    (a profile has to know those, to cover them), and `called` what the desk's sentences call some of them instead.
    """
    cast = _cast(conversation, named or records, called or {})
    events = tuple(event for told in records if (event := event_of(told, cast)))
    opened, form = _opened(records), _form(records)
    return Story(
        ref=conversation.ref,
        site=settings.SITE_HOST,
        group=conversation.group.name,
        group_slug=conversation.group.slug,
        button=conversation.button.slug,
        channel=str(opened.facts.get("channel", "chat")) if opened else "chat",
        subject=_subject(conversation, records),
        opened=records[0].at if records else conversation.created_at,
        closed=_closed(records),
        visitor=_visitor(conversation, _form(named or records)),
        presences=tuple(_presences(events, records)),
        events=events,
        head=records[-1].hash if records else "",
        facts={name: form[name] for name in ("question", "page", "referrer") if form.get(name)},
    )


def _subject(conversation: Conversation, records: Sequence[Told]) -> str:
    """A mail's own subject, or the conversation's short mark."""
    subjects = (told.said.get("subject") for told in records if told.kind == Kind.LETTER)
    return next((str(subject) for subject in subjects if subject), conversation.mark)


def _closed(records: Sequence[Told]) -> datetime | None:
    ends = [told for told in records if told.kind in (Kind.CLOSE, Kind.REOPENED)]
    return ends[-1].at if ends and ends[-1].kind == Kind.CLOSE else None


def _visitor(conversation: Conversation, form: dict[str, str]) -> Person:
    """By the name and address they gave; "Visitor ABC" for who gave none, or had it deleted."""
    erased = conversation.erased_at is not None
    address = form.get("email") or ("" if erased else address_of(conversation))
    return Person(f"visitor-{conversation.visitor_id}", VISITOR, form.get("name") or _mark(conversation), address)


def _mark(conversation: Conversation) -> str:
    return f"Visitor {conversation.mark}"


def _opened(records: Sequence[Told]) -> Told | None:
    return next((told for told in records if told.kind == Kind.OPENED), None)


def _form(records: Sequence[Told]) -> dict[str, str]:
    opened = _opened(records)
    return {name: str(value) for name, value in (opened.said if opened else {}).items()}


def _cast(conversation: Conversation, records: Sequence[Told], called: Mapping[str, str]) -> Cast:
    """Names as they were said in the records; who never had one there is called as the desk knows them now."""
    visitor = _visitor(conversation, _form(records))
    rows = Participant.objects.filter(conversation=conversation).select_related("user")
    names = dict(_said_names(records))
    parts = {row.pk: _operator(row.user, names.get(row.pk, "")) if row.user else visitor for row in rows}
    noted = {told.facts["user"] for told in records if isinstance(told.facts.get("user"), int)}
    users = {user.pk: _operator(user, "") for user in User.objects.filter(pk__in=noted)} if noted else {}
    return Cast(parts, users, called)


def _said_names(records: Iterable[Told]) -> Iterator[tuple[int, str]]:
    for told in records:
        if told.kind in (Kind.JOIN, Kind.PARTICIPANT) and told.author and told.said.get("name"):
            yield int(told.author["participant"]), str(told.said["name"])


def _operator(user: User, name: str) -> Person:
    """Who has no name is not called by their address: that stands in its own place, and goes where a copy has none."""
    return Person(f"operator-{user.pk}", OPERATOR, name or user.display_name or f"Operator {user.pk}", user.email)


def _presences(events: Sequence[Event], records: Sequence[Told]) -> Iterator[Presence]:
    """Everybody who was there, from their first sign to their leaving; who wrote without a sign was there by then.

    Who wrote a note, or whispered, has given no sign in the conversation; who watched unseen is there unseen, until
    they are seen.
    """
    appeared = {told.number for told in records if told.kind == Kind.PARTICIPANT}
    left = {told.number for told in records if is_leaving(told.kind, told.facts)}
    here: dict[Person, Presence] = {}
    for event in events:
        person, unseen = event.author, event.internal
        if person is None or (unseen and event.number not in appeared):
            continue
        before = here.pop(person, None) or Presence(person, event.at, silent=unseen)
        is_shown_now = before.silent and not unseen
        if event.number in left or is_shown_now:
            yield replace(before, until=event.at)
        if event.number not in left:
            here[person] = Presence(person, event.at) if is_shown_now else before
    yield from here.values()
