"""A conversation as a story from its records: names as at the time, notes marked, what was deleted said so."""

from __future__ import annotations

import pytest

from accounts.models import User
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.exporting.archive import story_of, talked
from transcripts.actions import sealing
from transcripts.actions.exporting.told import told_of
from transcripts.formats.story import OPERATOR, VISITOR
from transcripts.models import Record


def test_everything_that_happened_is_told_in_order(cast: Cast) -> None:
    made = talked(cast, "first", files=1, note="be careful", name="Vera", email="vera@shop.example")
    story = story_of(made.pk)
    told = [(event.kind, event.text) for event in story.events]
    assert ("message", "first") in told
    assert ("note", "be careful") in told
    assert ("file", "invoice-0.pdf") in told
    assert [event.number for event in story.events] == sorted(event.number for event in story.events)
    assert {event.kind for event in story.events if event.internal} == {"note"}
    assert (story.ref, story.group_slug, story.channel) == (made.ref, "sales", "chat")
    assert story.closed is not None
    assert story.head == Record.objects.filter(conversation=made).order_by("-number")[0].hash


def test_a_file_is_told_with_what_was_recorded(cast: Cast) -> None:
    made = talked(cast, files=1)
    [document] = [event.document for event in story_of(made.pk).events if event.document]
    file = made.files.get()
    assert (document.name, document.sha256, document.size, document.key) == (
        file.name,
        file.sha256,
        file.size,
        file.key,
    )


def test_people_are_named_as_they_were(cast: Cast) -> None:
    made = talked(cast, "hello", name="Vera", email="vera@shop.example")
    story = story_of(made.pk)
    assert story.visitor is not None
    assert (story.visitor.name, story.visitor.email, story.visitor.kind) == ("Vera", "vera@shop.example", VISITOR)
    operators = {event.author for event in story.events if event.author and event.author.kind == OPERATOR}
    assert {each.email for each in operators} == {"alice@desk.example"}
    Conversation.objects.filter(pk=made.pk).update(name="Somebody else", email="x@y.example")
    again = story_of(made.pk)
    assert again.visitor == story.visitor


def test_a_visitor_without_a_name_has_their_mark(cast: Cast) -> None:
    made = talked(cast, "hello")
    visitor = story_of(made.pk).visitor
    assert visitor is not None
    assert (visitor.name, visitor.email) == (f"Visitor {made.mark}", "")


def test_a_person_who_has_left_the_house_is_still_told(cast: Cast) -> None:
    made = talked(cast, "hello")
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert any(event.author and event.author.name == "Alice" for event in story_of(made.pk).events)


def test_everybody_who_came_is_among_those_present(cast: Cast) -> None:
    story = story_of(talked(cast, "hello").pk)
    assert {each.person.kind for each in story.presences} == {VISITOR, OPERATOR}
    assert all(each.until is None or each.until >= each.since for each in story.presences)


def test_only_so_far_as_asked(cast: Cast) -> None:
    made = talked(cast, "one", "two", "three")
    assert max(event.number for event in story_of(made.pk, last=3).events) == 3
    assert [told.number for told in told_of(made.pk, 3)] == [1, 2, 3]


def test_what_was_deleted_is_told_as_deleted(cast: Cast) -> None:
    made = talked(cast, "marker-text", files=1, note="marker-note", name="Marker")
    Record.objects.filter(conversation=made).update(content=None, salts="{}")
    made.entries.update(body="")
    made.notes.update(body="")
    Conversation.objects.filter(pk=made.pk).update(name="")
    sealing.forget(made)
    story = story_of(made.pk)
    assert "marker" not in repr(list(story.events)).lower()
    assert [event.text for event in story.events if event.kind == "message"] == ["[deleted]", "[deleted]"]
    assert story.events[-1].kind == "erased"


def test_no_conversation_no_story(db: None) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        story_of(4711)
