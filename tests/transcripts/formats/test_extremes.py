"""C-13: 10,000 messages, none, people who are gone, groups that were renamed, visitors without an address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import ALICE, VERA, Store, at, said, story, write
from tests.transcripts.formats.readers import READERS
from transcripts.formats import Person, Presence
from transcripts.formats.story import OPERATOR, VISITOR

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", READERS)
def test_c13_ten_thousand_messages(name: str, tmp_path: Path) -> None:
    """All within one millisecond: times alone would lose or mix them (mattermost#17445)."""
    moment = at(5)
    events = tuple(said(n, (VERA, ALICE)[n % 2], f"text {n}", at=moment) for n in range(1, 10_001))
    written = write(name, [story(events)], Store(), tmp_path)
    assert [(seen.number, seen.text) for seen in READERS[name](tmp_path)] == [
        (n, f"text {n}") for n in range(1, 10_001)
    ]
    assert written.counts["events"] == 10_000


@pytest.mark.parametrize("name", READERS)
def test_c13_no_messages_and_nobody(name: str, tmp_path: Path) -> None:
    empty = story((), visitor=None, presences=(), group="", button="", subject="", site="", tags=(), holds=(), head="")
    written = write(name, [empty], Store(), tmp_path)
    assert list(READERS[name](tmp_path)) == []
    assert written.counts == {"conversations": 1, "events": 0, "files": 0}
    everything = b"".join((tmp_path / file.path).read_bytes() for file in written.files)
    assert b"Ab3-_xYz9" in everything


@pytest.mark.parametrize("name", READERS)
def test_c13_no_conversations(name: str, tmp_path: Path) -> None:
    written = write(name, [], Store(), tmp_path)
    assert written.counts == {"conversations": 0, "events": 0, "files": 0}


@pytest.mark.parametrize("name", READERS)
def test_c13_people_who_are_gone_and_have_no_address(name: str, tmp_path: Path) -> None:
    """A deleted operator has the name of that time or none; a visitor may have neither name nor address."""
    gone, nobody = Person("operator-99", OPERATOR, ""), Person("visitor-5", VISITOR, "")
    told = story(
        (said(1, nobody, "Hello"), said(2, gone, "Hi"), said(3, Person("", "", ""), "?")),
        visitor=nobody,
        presences=(Presence(gone, at(1), at(0)), Presence(nobody, at(0))),
    )
    write(name, [told], Store(), tmp_path)
    assert [seen.text for seen in READERS[name](tmp_path)] == ["Hello", "Hi", "?"]


@pytest.mark.parametrize("name", READERS)
def test_c13_a_renamed_group_is_told_as_at_the_time(name: str, tmp_path: Path) -> None:
    early = story((said(1, VERA, "a"),), group="Old name", ref="early", subject="")
    late = replace(early, group="New name", ref="late")
    written = write(name, [early, late], Store(), tmp_path)
    everything = b"".join((tmp_path / file.path).read_bytes() for file in written.files)
    assert b"Old name" in everything
    assert b"New name" in everything
