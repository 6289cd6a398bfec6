"""Any story at all: all formats tell the same, whatever is in it (hypothesis)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transcripts.formats.cast import ALICE, BOB, VERA, Store, at, story, write
from tests.transcripts.formats.readers import READERS, shown
from transcripts.formats import Event, Person, Presence, Story
from transcripts.formats.story import CREATED, DELETED, EDITED_NEW, EDITED_ORIGINAL, OPERATOR, VISITOR

pytestmark = pytest.mark.once

texts = st.text(alphabet=st.characters(), max_size=40)
moments = st.floats(-10, 900_000).map(at)
strangers = st.builds(Person, key=texts, kind=st.sampled_from([VISITOR, OPERATOR]), name=texts, email=texts)
people = st.one_of(st.none(), st.sampled_from([VERA, ALICE, BOB]), strangers)
events = st.builds(
    Event,
    number=st.integers(1, 99),
    kind=st.sampled_from(["message", "notice", "join", "note"]),
    at=moments,
    author=people,
    text=texts,
    update=st.sampled_from([CREATED, EDITED_ORIGINAL, EDITED_NEW, DELETED]),
    updated=st.one_of(st.none(), moments),
    internal=st.booleans(),
)
several = st.lists(events, max_size=6, unique_by=lambda event: (event.number, event.update)).map(tuple)
presences = st.lists(
    st.builds(
        Presence,
        person=strangers,
        since=moments,
        until=st.one_of(st.none(), moments),
        silent=st.booleans(),
    ),
    max_size=3,
).map(tuple)


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    words = {name: draw(texts) for name in ("site", "group", "group_slug", "button", "channel", "subject")}
    return story(draw(several), presences=draw(presences), closed=draw(st.one_of(st.none(), moments)), **words)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=15, deadline=None)
@given(told=stories())
def test_any_story_comes_back_whole(name: str, told: Story) -> None:
    with folder() as place:
        written = write(name, [told], Store(), place)
        found = {(seen.ref, seen.number, seen.update, seen.text) for seen in READERS[name](place)}
    assert found == {(told.ref, event.number, event.update, shown(event.text, name)) for event in told.events}
    assert written.counts["events"] == len(told.events)
