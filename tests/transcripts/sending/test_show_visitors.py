"""What a visitor may have of a conversation: every kind of record, and stories of every make."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.actions.copies.shown import SHOWN, TOLD, is_shown, lines_for_visitor, story_for_visitor
from transcripts.actions.exporting.told import Told
from transcripts.actions.linking import Author, Happening, Head, Link
from transcripts.formats.story import OPERATOR, VISITOR, Event, Person, Presence, Story
from transcripts.kinds import HIDDEN, NOTES, Kind
from transcripts.models import NOTHING_BEFORE
from transcripts.verify.report import Report
from transcripts.verify.walk import Expected, Walk

pytestmark = pytest.mark.once

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN, ALICES = Author(1), Author(2, 20)
VERA = Person("visitor-1", VISITOR, "Vera", "vera@home.test")
ALICE = Person("operator-20", OPERATOR, "Alice", "alice@desk.test")
NAMELESS = Person("operator-21", OPERATOR, "bob@desk.test", "bob@desk.test")
SAM = Person("operator-22", OPERATOR, "Sam", "sam@desk.test")


def told(link: Link, said: dict[str, str]) -> Told:
    facts = json.loads(link.frame)
    salts = json.loads(link.salts)
    kept = {name: value for name, value in said.items() if name in salts}
    return Told(link.number, link.kind, link.seq, link.note, link.at, facts, kept, salts, link.frame, link.hash)


def chained(happenings: list[Happening]) -> tuple[list[Told], Head]:
    head = Head(7, "dGhlIHJlZmVyZW5jZSBv", 0, NOTHING_BEFORE)
    rows = [told(head.link(each), {"mark": "", **each.said}) for each in happenings]
    return rows, head


def one(kind: Kind, author: Author | None = None, **facts: bool) -> Told:
    (row,), _ = chained([Happening(kind, AT, {"body": "INTERNAL"}, facts, author)])
    return row


@pytest.mark.parametrize("kind", sorted(Kind))
def test_each_kind_is_the_visitors_or_the_desks(kind: Kind) -> None:
    """A new kind is the desk's own until somebody says otherwise; what is hidden can't be guessed from its digest."""
    if kind in NOTES or kind in HIDDEN:
        assert kind not in SHOWN
    assert is_shown(one(kind, ALICES)) is (kind in SHOWN)
    assert not is_shown(one(kind, ALICES, silent=True))
    assert kind not in TOLD or kind in SHOWN


def test_the_visitors_own_appearance_is_theirs_alone() -> None:
    assert is_shown(one(Kind.PARTICIPANT, OWN))
    assert not is_shown(one(Kind.PARTICIPANT, ALICES))
    assert not is_shown(one(Kind.PARTICIPANT))
    assert not is_shown(one(Kind.PARTICIPANT, OWN, silent=True))


RECORDS = st.builds(
    Happening,
    st.sampled_from(sorted(Kind)),
    st.just(AT),
    st.fixed_dictionaries({"body": st.sampled_from(["SECRET", "x"]), "email": st.just("vera@home.test")}),
    st.sampled_from([{}, {"silent": True}]),
    st.sampled_from([None, OWN, ALICES]),
)


@given(st.lists(RECORDS, min_size=1, max_size=8), st.booleans())
def test_whatever_is_hidden_the_chain_verifies_and_says_none_of_it(
    happenings: list[Happening], with_contact: bool
) -> None:
    rows, head = chained(happenings)
    lines = list(lines_for_visitor(rows, with_contact=with_contact))
    report = Report()
    walk = Walk(iter([Expected(head.ref, head.count, head.hash)]), report, {})
    walk.through(lines, "")
    walk.finish()
    assert report.records == len(happenings)
    assert report.hidden == sum(not is_shown(row) for row in rows)
    for row, line in zip(rows, lines, strict=True):
        value = json.loads(line)
        if not is_shown(row):
            assert value.keys() == {"digest", "hash", "number"}
        elif row.kind == Kind.OPENED and not with_contact:
            assert "email" not in value["content"]
            assert "email" not in value["salts"]
            assert "email" in value["frame"]["said"]
        else:
            assert value["content"] == row.said


def event(number: int, kind: Kind, author: Person, *, internal: bool = False) -> Event:
    return Event(number, kind, AT, author, f"said {number}", internal=internal)


def whole(*events: Event) -> Story:
    presences = (Presence(VERA, AT), Presence(ALICE, AT), Presence(NAMELESS, AT), Presence(SAM, AT, silent=True))
    return Story(
        ref="r", site="s", group="g", group_slug="g", button="b", channel="chat", subject="", opened=AT, closed=AT,
        visitor=VERA, presences=presences, events=events, tags=("angry",), holds=("Case",),
    )  # fmt: skip


def numbered(number: int, kind: Kind, author: Author) -> Told:
    return replace(one(kind, author), number=number)


def test_only_who_was_seen_to_speak_was_there() -> None:
    story = whole(event(1, Kind.MESSAGE, VERA), event(2, Kind.MESSAGE, ALICE), event(3, Kind.WHISPER, SAM))
    records = [numbered(1, Kind.MESSAGE, OWN), numbered(2, Kind.MESSAGE, ALICES), numbered(3, Kind.WHISPER, ALICES)]
    shown = story_for_visitor(story, records, with_contact=True)
    assert [each.number for each in shown.events] == [1, 2]
    assert {each.person.name for each in shown.presences} == {"Vera", "Alice"}
    assert (shown.tags, shown.holds) == ((), ())


def test_no_address_but_the_visitors_own_and_that_only_with_contact() -> None:
    story = whole(event(1, Kind.MESSAGE, VERA), event(2, Kind.MESSAGE, NAMELESS))
    records = [numbered(1, Kind.MESSAGE, OWN), numbered(2, Kind.MESSAGE, ALICES)]
    with_it = repr(story_for_visitor(story, records, with_contact=True))
    without = repr(story_for_visitor(story, records, with_contact=False))
    assert with_it.count("@") == 1
    assert "vera@home.test" in with_it
    assert "vera@home.test" not in without
    assert "desk.test" not in with_it + without


def test_what_is_internal_stays_though_its_kind_is_shown() -> None:
    story = whole(event(1, Kind.MESSAGE, ALICE, internal=True))
    shown = story_for_visitor(story, [numbered(1, Kind.MESSAGE, ALICES)], with_contact=True)
    assert shown.events == ()
    assert {each.person.name for each in shown.presences} == {"Vera"}


def test_an_event_without_its_record_is_not_told() -> None:
    assert story_for_visitor(whole(event(1, Kind.MESSAGE, VERA)), [], with_contact=True).events == ()


def test_without_a_visitor_nobody_is_made_up() -> None:
    story = replace(whole(event(1, Kind.MESSAGE, ALICE)), visitor=None)
    shown = story_for_visitor(story, [numbered(1, Kind.MESSAGE, ALICES)], with_contact=False)
    assert shown.visitor is None
    assert {each.person.name for each in shown.presences} == {"Alice"}
