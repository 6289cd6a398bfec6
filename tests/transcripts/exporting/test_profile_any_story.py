"""Any story by any profile: what is internal, unseen or somebody else's is in no other than the full one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.actions.exporting.profiles import profiled
from transcripts.formats.plain import text_of
from transcripts.formats.story import OPERATOR, SYSTEM, THIRD, VISITOR, Document, Event, Person, Presence, Story
from transcripts.models import Profile

pytestmark = pytest.mark.once

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VERA = Person("visitor-1", VISITOR, "Vera Wintermark", "vera@wintermark.example")
ALICE = Person("operator-2", OPERATOR, "Alice Stonemark", "alice@deskmark.example")
ALICE_MARRIED = replace(ALICE, name="Alice Rivermark")
BOB = Person("operator-3", OPERATOR, "Bob", "bob@deskmark.example")
SAM = Person("operator-4", OPERATOR, "Samuel Unseenmark", "sam@unseenmark.example")
OTTO = Person("third-5", THIRD, "Otto Elsemark", "otto@elsemark.example")
DESK = Person("system", SYSTEM, "Desk")
SEEN = [VERA, ALICE, ALICE_MARRIED, BOB, OTTO, DESK, None]
NAMES = ["Vera", "Wintermark", "Alice", "Stonemark", "Rivermark", "Bob", "Otto", "Elsemark", "vera@wintermark.example"]
WORDS = st.lists(st.sampled_from([*NAMES, "hello", "torn", "+49 30 1234567", "4111 1111 1111 1111", ",", "«", "שלום"]))
SECRETS = ("Unseenmark", "sam@unseenmark.example", "INTERNAL", "holdmark", "tagmark")


@st.composite
def events(draw: st.DrawFn) -> Event:
    number, internal = draw(st.integers(1, 10**6)), draw(st.booleans())
    text = " ".join(draw(WORDS)) + (" INTERNAL" if internal else "")
    author = SAM if internal else draw(st.sampled_from(SEEN))
    document = Document("bill of Vera.pdf", "application/pdf", 9, "a" * 64, key="k", path="p") if number % 3 else None
    return Event(number, "note" if internal else "message", AT, author, text, internal=internal, document=document)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    there = draw(st.lists(st.sampled_from([VERA, ALICE, ALICE_MARRIED, BOB, OTTO])))
    return Story(
        ref="referencemark",
        site="desk.example",
        group="Sales",
        group_slug="sales",
        button="shop",
        channel="chat",
        subject=" ".join(draw(WORDS)),
        opened=AT,
        closed=AT + timedelta(minutes=5),
        visitor=draw(st.sampled_from([VERA, None])),
        presences=(*(Presence(each, AT) for each in there), Presence(SAM, AT, silent=True)),
        events=tuple(draw(st.lists(events(), max_size=6))),
        tags=("tagmark",),
        holds=("holdmark",),
        head="f" * 64,
        facts={"page": "https://shop.example/?who=vera@wintermark.example"},
    )


@given(stories(), st.sampled_from([Profile.EXTERNAL, Profile.SUBJECT, Profile.TRAINING]))
def test_nobody_and_nothing_internal_leaves(story: Story, profile: str) -> None:
    told = profiled(story, profile, b"secret")
    for secret in SECRETS:
        assert secret not in repr(told)
        assert secret not in text_of(told)
    assert not any(event.internal for event in told.events)
    assert not any(each.silent for each in told.presences)


@given(stories(), st.sampled_from(sorted(Profile.values)))
def test_the_rest_is_all_there_in_its_order(story: Story, profile: str) -> None:
    told = profiled(story, profile, b"secret")
    kept = [each for each in story.events if profile == Profile.FULL or not each.internal]
    assert [(each.number, each.kind, each.at) for each in told.events] == [(e.number, e.kind, e.at) for e in kept]
    assert [each.author is None for each in told.events] == [each.author is None for each in kept]
    assert [each.document is None for each in told.events] == [each.document is None for each in kept]


@given(stories())
def test_a_subject_reads_no_other_persons_name_or_address(story: Story) -> None:
    told = profiled(story, Profile.SUBJECT, b"secret")
    others = {ALICE, ALICE_MARRIED, BOB, OTTO}
    there = {each.person for each in story.presences} | {each.author for each in story.events if not each.internal}
    for person in others & there:
        for part in (person.email, *person.name.split()):
            assert part not in repr(told)
    assert told.visitor == story.visitor


@given(stories())
def test_a_subjects_operators_keep_one_number_under_every_name(story: Story) -> None:
    told = profiled(story, Profile.SUBJECT, b"secret")
    shown = [each for each in story.presences if not each.silent]
    numbers: dict[str, set[str]] = {}
    for before, after in zip(shown, told.presences, strict=True):
        numbers.setdefault(before.person.key, set()).add(after.person.key)
    assert all(len(each) == 1 for each in numbers.values())
    assert len({key for each in numbers.values() for key in each}) == len(numbers)


@given(stories())
def test_a_training_copy_has_nobody_no_number_and_no_document(story: Story) -> None:
    told = profiled(story, Profile.TRAINING, b"secret")
    there = {each.person for each in story.presences if not each.silent} | {
        each.author for each in story.events if each.author and not each.internal
    }
    known = [part for person in there | {story.visitor} if person and person != DESK for part in person.name.split()]
    for personal in (*known, "@", "1234567", "4111", "referencemark", "f" * 64):
        assert personal not in repr(told)
    assert all(e.document.missing and not (e.document.key or e.document.path) for e in told.events if e.document)


@given(stories(), st.sampled_from(sorted(Profile.values)))
def test_the_same_export_tells_the_same_and_a_second_time_changes_no_more(story: Story, profile: str) -> None:
    once = profiled(story, profile, b"secret")
    assert profiled(story, profile, b"secret") == once
    if profile in (Profile.FULL, Profile.EXTERNAL):
        assert profiled(once, profile, b"secret") == once


@given(stories())
def test_external_tells_what_it_tells_as_it_was(story: Story) -> None:
    told = profiled(story, Profile.EXTERNAL)
    assert set(told.events) <= set(story.events)
    assert (told.visitor, told.subject, told.facts, told.head) == (
        story.visitor,
        story.subject,
        story.facts,
        story.head,
    )
