"""Documents for review: a conversation, or 24 hours of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.transcripts.formats.cast import (
    ALICE,
    BOB,
    DESK,
    NOW,
    OPENED,
    SAM,
    VERA,
    Store,
    at,
    full_story,
    options,
    said,
    story,
)
from transcripts.formats import Presence, Story
from transcripts.formats.days import Day, days
from transcripts.formats.story import CREATED

pytestmark = pytest.mark.once

HOURS = 3600


def told(*moments: float, **changes: object) -> Story:
    return story(tuple(said(n, VERA, f"text {n}", at=at(moment)) for n, moment in enumerate(moments, 1)), **changes)


def split(conversation: Story) -> list[Day]:
    return list(days(conversation, options()))


def test_a_short_conversation_is_one_document() -> None:
    (day,) = split(told(1, 2, 86_399))
    assert (day.key, day.number, len(day.story.events)) == ("Ab3-_xYz9-1", 1, 3)
    assert (day.begin, day.end) == (at(1), at(86_399))


def test_the_25th_hour_is_the_next_document() -> None:
    first, second = split(told(0, 24 * HOURS - 0.001, 24 * HOURS))
    assert [len(first.story.events), len(second.story.events)] == [2, 1]
    assert (second.number, second.begin) == (2, at(24 * HOURS))


def test_days_on_which_nothing_was_said_are_no_documents() -> None:
    assert [day.number for day in split(told(1, 9 * 24 * HOURS))] == [1, 10]


def test_every_event_is_in_one_document_whatever_its_time() -> None:
    moments = [5 * HOURS * n for n in range(40)]
    found = [event.number for day in split(told(*moments)) for event in day.story.events]
    assert found == list(range(1, 41))


def test_what_came_out_of_order_or_before_the_start_is_kept() -> None:
    found = split(told(30 * HOURS, 1, -5))
    assert [[event.number for event in day.story.events] for day in found] == [[2, 3], [1]]
    assert all(day.end >= day.begin for day in found)


def test_nothing_said_is_a_document_too() -> None:
    (day,) = split(story(()))
    assert (day.begin, day.end) == (OPENED, at(600))


def test_an_open_conversation_of_nothing_ends_within_its_day() -> None:
    (day,) = split(story((), closed=None))
    assert day.end == OPENED + timedelta(hours=24)
    assert day.end < NOW


def test_who_was_there_that_day_is_in_its_document() -> None:
    presences = (
        Presence(ALICE, at(0), at(10)),
        Presence(BOB, at(30 * HOURS), at(31 * HOURS)),
        Presence(SAM, at(1)),
        Presence(DESK, at(-9), at(-5)),
    )
    first, second = split(told(1, 30 * HOURS, presences=presences))
    assert [stay.person.name for stay in first.story.presences] == ["Alice", "Sam"]
    assert [stay.person.name for stay in second.story.presences] == ["Bob", "Sam"]


def test_custodians_are_the_operators() -> None:
    (day,) = split(story((said(1, VERA, "a"), said(2, BOB, "b"))))
    assert [who.name for who in day.custodians] == ["Alice", "Bob"]
    (alone,) = split(story((said(1, VERA, "a"),), presences=()))
    assert [who.kind for who in alone.custodians] == ["system"]


def test_the_sender_is_who_spoke_first() -> None:
    (day,) = split(story((said(1, None, "Welcome"), said(2, BOB, "b"), said(3, VERA, "a"))))
    assert day.sender == BOB
    (silent,) = split(story((said(1, None, "Welcome"),)))
    assert silent.sender == VERA
    (nobody,) = split(story((), visitor=None))
    assert nobody.sender.kind == "system"


def test_notes_have_documents_of_their_own() -> None:
    found = split(full_story(Store()))
    assert [(day.key, day.room.internal) for day in found] == [("Ab3-_xYz9-1", False), ("Ab3-_xYz9-internal-1", True)]
    assert {event.internal for event in found[1].story.events} == {True}
    assert [event.update for event in found[1].story.events] == [CREATED, CREATED]
