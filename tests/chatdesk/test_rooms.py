"""A room hands on entries without a gap, and a visitor's line never gets what is for the desk alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chatdesk.protocol import Author, EntryPosted, NotePosted
from chatdesk.realtime.room import Item, Marks, Member, Room

pytestmark = pytest.mark.once

AT = datetime(2026, 3, 1, tzinfo=UTC)
ANN = Author(kind="operator", name="Ann")


@dataclass(eq=False)
class Line:
    """A socket that keeps what it was given."""

    heard: list[str] = field(default_factory=list)

    def push(self, text: str) -> None:
        self.heard.append(text)

    def forget_seat(self, conversation_id: int) -> None:
        raise AssertionError("rooms do not forget seats")

    @property
    def seqs(self) -> list[int]:
        return [json.loads(text)["seq"] for text in self.heard]


def entry(seq: int, participant: int | None = None, client_id: str | None = None) -> Item:
    event = EntryPosted(conversation="r", seq=seq, kind="message", author=ANN, body=f"word {seq}", at=AT, file=None)
    return Item.of(event, participant, client_id)


def note(seq: int) -> NotePosted:
    return NotePosted(
        conversation="r", seq=seq, kind="note", after=0, author=ANN, body="internal", at=AT, client_id="n"
    )


def seated(room: Room, side: str = "visitor", part: int | None = 1, **facts: object) -> tuple[Member, Line]:
    line = Line()
    member = Member(line, side, part, **facts)  # type: ignore[arg-type]
    room.members.append(member)
    return member, line


def room_of(head: int = 0) -> Room:
    return Room(conversation_id=7, ref="r", head=head)


# --- entries ---------------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(
    sizes=st.lists(st.integers(0, 4), max_size=10),
    overlap=st.lists(st.integers(0, 3), min_size=10, max_size=10),
    starts=st.lists(st.integers(0, 6), min_size=1, max_size=4),
)
def test_whatever_is_handed_over_each_line_hears_each_entry_once_and_in_order(
    sizes: list[int], overlap: list[int], starts: list[int]
) -> None:
    room = room_of()
    lines = [seated(room, seq=start) for start in starts]
    head = 0
    for size, back in zip(sizes, overlap, strict=False):
        first = max(1, head + 1 - back)
        head = max(head, first + size - 1)
        room.deliver([entry(seq) for seq in range(first, first + size)])
    assert room.head == head
    for (member, line), start in zip(lines, starts, strict=True):
        expected = list(range(start + 1, head + 1))
        assert line.seqs == expected
        assert member.seq == max(start, head)


def test_who_misses_one_gets_nothing_behind_it_and_the_room_says_so() -> None:
    room = room_of()
    _whole, one = seated(room, seq=4)
    behind, other = seated(room, seq=2)
    assert room.deliver([entry(5), entry(6)]) is False
    assert (one.seqs, other.seqs) == ([5, 6], [])
    assert room.oldest_missing() == behind.seq == 2
    assert room.deliver([entry(seq) for seq in range(3, 7)]) is True
    assert (one.seqs, other.seqs) == ([5, 6], [3, 4, 5, 6])


def test_who_is_still_catching_up_is_given_nothing_live() -> None:
    room = room_of(3)
    member, line = seated(room, seq=None)
    assert room.deliver([entry(4)]) is True
    assert line.heard == []
    assert member.seq is None
    assert room.oldest_missing() == 4


def test_nothing_handed_over_changes_nothing() -> None:
    room = room_of(3)
    seated(room, seq=3)
    assert room.deliver([]) is True
    assert room.head == 3


def test_only_the_author_hears_the_mark_that_they_gave() -> None:
    room = room_of()
    _m, author = seated(room, part=1, seq=0)
    _m, tab = seated(room, part=1, seq=0)
    _m, other = seated(room, "operator", 2, seq=0)
    _m, looker = seated(room, "operator", None, seq=0)
    room.deliver([entry(1, participant=1, client_id="mine")])
    told = [json.loads(line.heard[0]).get("client_id") for line in (author, tab, other, looker)]
    assert told == ["mine", "mine", None, None]


def test_an_entry_of_nobody_is_nobodys_own() -> None:
    """What the desk says has no participant, as has who only looks on: that makes neither the other's author."""
    room = room_of()
    _m, looker = seated(room, "operator", None, seq=0)
    room.deliver([entry(1, participant=None, client_id="of the desk")])
    assert "client_id" not in json.loads(looker.heard[0]) or json.loads(looker.heard[0])["client_id"] is None


# --- the desk alone --------------------------------------------------------------------------------------------------


def test_a09_notes_go_to_the_desk_alone_and_once() -> None:
    room = room_of()
    _m, visitor = seated(room)
    _m, desk = seated(room, "operator", 2)
    room.tell_notes([note(1), note(2)])
    room.tell_notes([note(2), note(1), note(3)])
    assert visitor.heard == []
    assert desk.seqs == [1, 2, 3]
    assert room.last_note == 3


def test_a09_people_and_names_of_watchers_are_told_to_the_desk_alone() -> None:
    room = room_of()
    _m, visitor = seated(room)
    _m, desk = seated(room, "operator", 2)
    room.show_people("sam watches")
    room.show_people("sam watches")
    assert visitor.heard == []
    assert desk.heard == ["sam watches"]


WHO_HEARS = [
    (None, {"visitor", "beside", "aside"}),
    ("visitor", {"visitor"}),
    ("operator", {"beside", "aside"}),
    ("beside", {"beside"}),
    ("aside", {"aside"}),
]


@pytest.mark.parametrize(("whom", "hear"), WHO_HEARS)
def test_who_is_meant_hears_it(whom: str | None, hear: set[str]) -> None:
    room = room_of()
    lines = {
        "visitor": seated(room)[1],
        "beside": seated(room, "operator", 2, is_beside=True)[1],
        "aside": seated(room, "operator", None)[1],
    }
    room.tell("said", whom)
    assert {name for name, line in lines.items() if line.heard} == hear


def test_a_visitors_line_is_never_beside_whatever_it_claims() -> None:
    room = room_of()
    _m, visitor = seated(room, is_beside=True)
    for whom in ("beside", "aside", "operator"):
        room.tell("a preview", whom)
    assert visitor.heard == []


def test_who_says_it_does_not_hear_it() -> None:
    room = room_of()
    _m, one = seated(room)
    _m, tab = seated(room)
    room.tell("typing", but=one)
    assert (one.heard, tab.heard) == ([], ["typing"])


def test_a_state_is_told_when_it_changes_and_to_who_does_not_know_it() -> None:
    room = room_of()
    _m, first = seated(room)
    room.show_state("waiting")
    _m, second = seated(room)
    room.show_state("waiting")
    room.show_state("active")
    room.show_state("waiting")
    assert first.heard == ["waiting", "active", "waiting"]
    assert second.heard == ["waiting", "active", "waiting"]


def test_an_empty_room_has_nobody_and_lacks_nothing() -> None:
    room = room_of(9)
    assert not room.has("visitor")
    assert not room.has("operator")
    assert room.oldest_missing() == 9
    assert room.deliver([entry(10)]) is True
    assert room.head == 10


# --- marks -----------------------------------------------------------------------------------------------------------


class MarksRise(RuleBasedStateMachine):
    """Words of delivery and reading come late, twice and out of order, from several processes."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        self.most_delivered = self.most_read = 0

    @rule(delivered=st.integers(0, 50), read=st.integers(0, 50))
    def hear(self, delivered: int, read: int) -> None:
        before = (self.marks.delivered, self.marks.read)
        changed = self.marks.raise_to(delivered, read)
        assert changed is (before != (self.marks.delivered, self.marks.read))
        self.most_read = max(self.most_read, read)
        self.most_delivered = max(self.most_delivered, delivered, self.most_read)

    @invariant()
    def they_are_the_most_that_was_heard(self) -> None:
        assert (self.marks.delivered, self.marks.read) == (self.most_delivered, self.most_read)
        assert self.marks.read <= self.marks.delivered


TestMarksRise = MarksRise.TestCase
TestMarksRise.settings = settings(max_examples=25, stateful_step_count=15)
