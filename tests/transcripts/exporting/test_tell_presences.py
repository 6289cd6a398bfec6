"""Who was in a conversation, as an export tells it: unseen watchers, whisperers, people without a name."""

from __future__ import annotations

import pytest

from accounts.models import User, UserType
from chatdesk.actions.beside import join, leave, monitor
from chatdesk.actions.conversations import close_by_visitor, start
from chatdesk.actions.supervision import whisper
from chatdesk.models import Conversation
from tests.factories import Cast, allow_watching_unseen, make_present, make_supervisor
from tests.transcripts.exporting.archive import story_of
from transcripts.actions.reading import presences
from transcripts.formats.story import Presence
from transcripts.models import Profile


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """A chat that Alice has."""
    make_present(cast.alice)
    return start(cast.sales_button, None, "c" * 40, "Hello").conversation


@pytest.fixture
def sam(cast: Cast) -> User:
    """A supervisor who may watch unseen."""
    allow_watching_unseen()
    return make_supervisor()


def seen_to_watch(sam: User) -> User:
    UserType.objects.filter(name="Supervisor").update(monitors_silently=False)
    return User.objects.get(pk=sam.pk)


def stays(talk: Conversation, name: str = "Sam", profile: str = Profile.FULL) -> list[Presence]:
    return [each for each in story_of(talk.pk, profile).presences if each.person.name == name]


def test_who_whispered_was_not_there(talk: Conversation, sam: User) -> None:
    whisper(sam, talk.ref, "offer ten percent", "w1")
    assert stays(talk) == []
    assert "Sam" not in repr(story_of(talk.pk, Profile.EXTERNAL))
    assert "offer ten percent" in repr(story_of(talk.pk))


def test_who_watched_unseen_was_there_unseen_until_they_left(talk: Conversation, sam: User) -> None:
    monitor(sam, talk.ref)
    leave(sam, talk.ref)
    (stay,) = stays(talk)
    assert stay.silent
    assert stay.until
    texts = [event.text.splitlines()[0] for event in story_of(talk.pk).events if event.internal]
    assert texts == ["Sam came into the conversation.", "Sam left the conversation."]
    assert "Sam" not in repr(story_of(talk.pk, Profile.EXTERNAL))


def test_who_watched_in_the_open_was_there_until_they_left(talk: Conversation, sam: User) -> None:
    monitor(seen_to_watch(sam), talk.ref)
    leave(sam, talk.ref)
    close_by_visitor(talk.pk)
    (stay,) = stays(talk, profile=Profile.EXTERNAL)
    assert not stay.silent
    assert stay.until
    assert stay.until >= stay.since
    (read,) = [each for each in presences(talk) if each.name == "Sam"]
    assert read.until == stay.until
    assert (read.role, read.is_silent) == ("monitor", False)


def test_whoever_joins_is_seen_from_then_on_and_not_before(talk: Conversation, sam: User) -> None:
    monitor(sam, talk.ref)
    whisper(sam, talk.ref, "I come in", "w1")
    join(sam, talk.ref)
    before, after = stays(talk)
    assert (before.silent, after.silent) == (True, False)
    assert before.until == after.since
    assert after.until is None
    assert stays(talk, profile=Profile.EXTERNAL) == [after]


def test_who_came_and_left_twice_was_there_twice(talk: Conversation, sam: User) -> None:
    for _time in range(2):
        join(sam, talk.ref)
        leave(sam, talk.ref)
    first, second = stays(talk)
    assert first.since < (first.until or first.since) < second.since < (second.until or second.since)


def test_who_has_no_name_is_not_called_by_their_address(talk: Conversation, sam: User) -> None:
    User.objects.filter(pk=sam.pk).update(display_name="")
    join(User.objects.get(pk=sam.pk), talk.ref)
    (stay,) = stays(talk, f"Operator {sam.pk}")
    assert stay.person.email == sam.email
    texts = [event.text for event in story_of(talk.pk).events]
    assert not any(sam.email in text for text in texts)
    assert sam.email not in repr(story_of(talk.pk, Profile.SUBJECT))
