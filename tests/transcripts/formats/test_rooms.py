"""What the visitor saw and what they did not, and who was there when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.transcripts.formats.cast import ALICE, BOB, NOW, SAM, VERA, Store, at, full_story, options, said, story
from transcripts.formats import Person, Presence
from transcripts.formats.rooms import rooms, stays, title_of, window

pytestmark = pytest.mark.once


def test_a_story_without_notes_is_one_room() -> None:
    (room,) = rooms(story((said(1, VERA, "Hi"),)))
    assert (room.key, room.name, room.internal) == ("Ab3-_xYz9", "A question", False)


def test_every_event_is_in_one_room() -> None:
    told = full_story(Store())
    outside, inside = rooms(told)
    assert len(outside.story.events) + len(inside.story.events) == len(told.events)
    assert {event.number for event in inside.story.events} == {6, 10}
    assert (inside.key, inside.name) == ("Ab3-_xYz9-internal", "A question (internal)")


def test_who_listened_unseen_is_unseen() -> None:
    outside, inside = rooms(full_story(Store()))
    assert SAM not in [stay.person for stay in outside.story.presences]
    assert inside.story.presences == (Presence(SAM, at(5), at(50), silent=True), Presence(ALICE, at(0), at(600)))


def test_a_silent_listener_alone_makes_a_room() -> None:
    told = story((said(1, VERA, "Hi"),), presences=(Presence(SAM, at(5), at(9), silent=True),))
    _, inside = rooms(told)
    assert inside.story.events == ()


def test_the_visitor_is_never_in_the_internal_room() -> None:
    _, inside = rooms(full_story(Store()))
    assert inside.story.visitor is None
    assert VERA.key not in {stay.person.key for stay in stays(inside, options())}


def test_ids_of_events_are_the_same_in_both_rooms() -> None:
    for room in rooms(full_story(Store())):
        assert {room.event_id(event).rpartition(".")[0] for event in room.story.events} == {"Ab3-_xYz9"}


def test_a_title_is_never_empty() -> None:
    assert title_of(story()) == "A question"
    assert title_of(story(subject="")) == "Sales Ab3-_xYz9"
    assert title_of(story(subject="", group="")) == "Example Ltd Ab3-_xYz9"
    assert title_of(story(subject="", group="", site="")) == "Ab3-_xYz9"


def test_the_window_is_the_conversation_unless_it_is_said() -> None:
    assert window(story(), options()) == (at(0), at(600))
    assert window(story(closed=None), options()) == (at(0), NOW)
    assert window(story(), options(since=at(5), until=at(9))) == (at(5), at(9))
    assert window(story(closed=at(-9)), options()) == (at(0), at(0))


def test_everyone_leaves_at_the_windows_end_at_the_latest() -> None:
    presences = (Presence(VERA, at(0)), Presence(ALICE, at(1), at(20)), Presence(BOB, at(2), at(900)))
    (room,) = rooms(story((), presences=presences))
    found = {stay.person.name: (stay.since, stay.until, stay.ended) for stay in stays(room, options())}
    assert found == {
        "Vera": (at(0), at(600), False),
        "Alice": (at(1), at(20), True),
        "Bob": (at(2), at(600), False),
    }


def test_nobody_leaves_before_they_came() -> None:
    presences = (Presence(VERA, at(700)), Presence(ALICE, at(5), at(1)))
    (room,) = rooms(story((), presences=presences))
    assert all(stay.until >= stay.since for stay in stays(room, options()))


def test_someone_who_came_twice_has_two_stays() -> None:
    presences = (Presence(ALICE, at(1), at(5)), Presence(ALICE, at(9), at(20)))
    (room,) = rooms(story((said(2, ALICE, "Hi"),), presences=presences))
    assert [(stay.since, stay.until) for stay in stays(room, options())] == [(at(1), at(5)), (at(9), at(20))]


def test_stays_are_sorted_by_time_and_address() -> None:
    zoe = Person("operator-8", "operator", "Zoe", "a@desk.example")
    presences = (Presence(BOB, at(5)), Presence(ALICE, at(5)), Presence(zoe, at(5)), Presence(VERA, at(0)))
    (room,) = rooms(story((), presences=presences))
    assert [stay.person for stay in stays(room, options())] == [VERA, zoe, ALICE, BOB]


def test_an_author_without_a_stay_has_one_made_up() -> None:
    (room,) = rooms(story((said(3, BOB, "Hi"), said(4, BOB, "again"), said(5, None, "Bye")), presences=()))
    found = stays(room, options())
    assert [(stay.person.name, stay.since, stay.until) for stay in found] == [
        ("Example Ltd", at(0), at(600)),
        ("Bob", at(0), at(600)),
    ]


def test_a_story_is_not_changed() -> None:
    told = full_story(Store())
    before = replace(told)
    rooms(told)
    assert told == before
