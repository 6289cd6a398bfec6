"""How far each side has read: told seldom, stored once, and never less than before."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from typing import cast as typed

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.models import Participant
from chatdesk.realtime.hub import Hub
from chatdesk.realtime.marks import MarkKeeper, store
from chatdesk.realtime.room import Member, Room
from tests.factories import Cast, make_conversation, make_participant

Said = list[list[Any]]


class Line:
    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def push(self, text: str) -> None:
        self.heard.append(json.loads(text))

    def forget_seat(self, conversation_id: int) -> None:
        raise AssertionError


def keeper() -> tuple[MarkKeeper, Said]:
    """One of a process whose bus only takes notes."""
    said: Said = []
    hub = SimpleNamespace(bus=SimpleNamespace(send=said.append))
    return MarkKeeper(typed("Hub", hub)), said


def room_with(head: int = 10) -> tuple[Room, dict[str, Line], dict[str, Member]]:
    room = Room(conversation_id=7, ref="r", head=head)
    lines = {"visitor": Line(), "operator": Line(), "looker": Line()}
    members = {
        "visitor": Member(lines["visitor"], "visitor", 1, seq=head),
        "operator": Member(lines["operator"], "operator", 2, seq=head),
        "looker": Member(lines["looker"], "operator", None, seq=head),
    }
    room.members.extend(members.values())
    return room, lines, members


@pytest.mark.once
def test_what_one_side_read_is_told_to_the_other_side_alone() -> None:
    marks, said = keeper()
    room, lines, _members = room_with()
    marks.read(room, "operator", 2, 4)
    marks.beat()
    assert said == [["marks", 7, "operator", 4, 4]]
    assert lines["operator"].heard == lines["looker"].heard == []
    (told,) = lines["visitor"].heard
    assert (told["reader"], told["seq"], told["delivered"]) == ("operator", 4, 4)


@pytest.mark.once
def test_many_words_between_two_beats_are_told_as_one() -> None:
    marks, said = keeper()
    room, lines, _members = room_with()
    for seq in (1, 5, 3, 9, 2):
        marks.read(room, "visitor", 1, seq)
    marks.beat()
    marks.beat()
    assert said == [["marks", 7, "visitor", 9, 9]]
    assert [told["seq"] for told in lines["operator"].heard] == [9]


@pytest.mark.once
@pytest.mark.parametrize(("claimed", "kept"), [(11, 10), (2**31 - 1, 10), (10, 10), (0, 0)])
def test_nobody_has_read_what_was_not_written_yet(claimed: int, kept: int) -> None:
    marks, _said = keeper()
    room, _lines, _members = room_with(10)
    marks.read(room, "visitor", 1, claimed)
    assert room.marks["visitor"].read == kept


@pytest.mark.once
def test_who_only_looks_on_leaves_no_mark() -> None:
    marks, said = keeper()
    room, lines, _members = room_with()
    marks.read(room, "operator", None, 8)
    marks.beat()
    assert said == []
    assert lines["visitor"].heard == []
    assert (room.marks["operator"].read, room.marks["operator"].delivered) == (0, 0)


@pytest.mark.once
def test_what_went_out_counts_as_delivered_and_not_as_read() -> None:
    marks, said = keeper()
    room, _lines, members = room_with(3)
    members["operator"].seq = None  # still catching up
    marks.delivered(room)
    marks.beat()
    assert said == [["marks", 7, "visitor", 3, 0]]
    members["operator"].seq = 3
    marks.delivered(room)
    marks.beat()
    assert said[1:] == [["marks", 7, "operator", 3, 0]]


@pytest.mark.once
@settings(max_examples=60)
@given(
    words=st.lists(st.tuples(st.sampled_from(["visitor", "operator"]), st.integers(0, 20)), max_size=20),
    beats=st.sets(st.integers(0, 19)),
)
def test_numbers_on_the_wire_only_rise(words: list[tuple[str, int]], beats: set[int]) -> None:
    marks, said = keeper()
    room, _lines, _members = room_with(15)
    for number, (side, seq) in enumerate(words):
        marks.read(room, side, 1 if side == "visitor" else 2, seq)
        if number in beats:
            marks.beat()
    marks.beat()
    for side in ("visitor", "operator"):
        told = [read for _kind, _room, whose, _delivered, read in said if whose == side]
        assert told == sorted(set(told))
        most = max((min(seq, 15) for whose, seq in words if whose == side), default=0)
        assert (told[-1] if told else 0) == most


def kept(part: Participant) -> tuple[int, int]:
    part.refresh_from_db()
    return part.delivered_seq, part.read_seq


def test_stored_numbers_never_sink_whatever_comes_late(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice)
    vera, alice = make_participant(chat), make_participant(chat, cast.alice)
    store([(5, 3, vera.pk), (2, 2, alice.pk)])
    store([(4, 4, vera.pk), (1, 0, alice.pk)])
    assert kept(vera) == (5, 4)
    assert kept(alice) == (2, 2)


def test_a_part_that_is_gone_and_nothing_at_all_are_no_trouble(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera)
    part = make_participant(chat)
    store([])
    store([(9, 9, part.pk + 1000), (1, 1, part.pk)])
    assert kept(part) == (1, 1)


def test_the_same_part_twice_in_one_go(cast: Cast) -> None:
    part = make_participant(make_conversation(cast.sales_button, cast.vera))
    store([(7, 1, part.pk), (3, 3, part.pk)])
    assert kept(part) == (7, 3)
