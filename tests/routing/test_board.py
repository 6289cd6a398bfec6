"""The board's quick choices are those that `pick` would make, one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.board import Board
from routing.pick import Candidate, pick

pytestmark = pytest.mark.once

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
Members = dict[int, list[Candidate]]


def someone(user_id: int, *, active: int = 0, limit: int = 4, priority: int = 0, idle: int = 0) -> Candidate:
    return Candidate(user_id, priority, active, limit, NINE + timedelta(minutes=idle))


@st.composite
def desks(draw: st.DrawFn) -> Members:
    """Up to 6 people in up to 4 groups; a person's chats and idleness are the same in each of their groups."""
    members: Members = {group: [] for group in range(1, draw(st.integers(1, 4)) + 1)}
    for user_id in range(1, draw(st.integers(0, 6)) + 1):
        active, idle = draw(st.integers(0, 4)), draw(st.integers(0, 3))
        for group in draw(st.sets(st.sampled_from(sorted(members)))):
            limit, priority = draw(st.integers(1, 5)), draw(st.integers(-1, 1))
            members[group].append(someone(user_id, active=active, limit=limit, priority=priority, idle=idle))
    return members


wishes = st.lists(st.tuples(st.integers(1, 4), st.none() | st.integers(1, 6)), max_size=30)


def plainly(members: Members, group: int, given_by: int | None) -> int | None:
    """The same rule, written for reading: changes `members` when somebody is given the chat."""
    asked = members.get(group, [])
    others = [one for one in asked if one.user_id != given_by]
    chosen = pick(others or asked)
    if chosen is None:
        return None
    for of_group in members.values():
        for place, one in enumerate(of_group):
            if one.user_id == chosen.user_id:
                of_group[place] = replace(one, active=one.active + 1, idle_since=TEN)
    return chosen.user_id


@given(desks(), wishes)
def test_it_chooses_as_pick_does(members: Members, asked: list[tuple[int, int | None]]) -> None:
    board = Board(members, TEN)
    plain = {group: list(of_group) for group, of_group in members.items()}
    for group, given_by in asked:
        assert board.give(group, given_by) == plainly(plain, group, given_by)
        free = {group for group, of_group in plain.items() if any(one.has_place for one in of_group)}
        assert set(board.open_groups()) == free


@given(desks(), wishes)
def test_it_never_gives_more_than_it_said(members: Members, asked: list[tuple[int, int | None]]) -> None:
    board = Board(members, TEN)
    most = board.free_places()
    given = [board.give(group, given_by) for group, given_by in asked]
    assert len([one for one in given if one]) <= most


def test_a_limit_counts_the_chats_of_all_groups() -> None:
    board = Board({1: [someone(7, active=1, limit=3)], 2: [someone(7, active=1, limit=2)]}, TEN)
    assert [board.give(1), board.give(2), board.give(1), board.give(1)] == [7, None, 7, None]


def test_who_gave_it_away_is_asked_last() -> None:
    board = Board({1: [someone(7), someone(8, active=3)]}, TEN)
    assert [board.give(1, given_by=7), board.give(1, given_by=8)] == [8, 7]


def test_it_waits_for_the_others_while_they_are_here() -> None:
    board = Board({1: [someone(7), someone(8, active=4)]}, TEN)
    assert board.give(1, given_by=7) is None
    assert board.give(1) == 7


def test_alone_one_gets_it_back_rather_than_nobody() -> None:
    assert Board({1: [someone(7)]}, TEN).give(1, given_by=7) == 7
