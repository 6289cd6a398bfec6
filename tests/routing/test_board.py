"""The board's quick choices are those that `pick` would make, one after the other: a hundred thousand of them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from routing.board import ONE_LATER, Board
from routing.models import Policy
from routing.pick import Candidate, Rules, Wish, has_room, is_free, pick

pytestmark = pytest.mark.once

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
DESKS, WISHES = 5_000, 20
LANGUAGES = ("", "de", "en", "fr")
Members = dict[int, list[Candidate]]


def someone(user_id: int, *, active: int = 0, limit: int = 4, priority: int = 0, idle: int = 0) -> Candidate:
    return Candidate(user_id, priority, active, limit, NINE + timedelta(minutes=idle))


def some_person(dice: random.Random, user_id: int) -> Candidate:
    given_at = dice.choice([None, NINE, NINE + timedelta(minutes=30), TEN - timedelta(seconds=10)])
    languages = frozenset(dice.sample(LANGUAGES[1:], dice.randrange(3)))
    person = someone(user_id, active=dice.randrange(5), idle=dice.randrange(4))
    return replace(person, given_at=given_at, languages=languages)


def some_rules(dice: random.Random) -> Rules:
    return Rules(
        policy=dice.choice([Policy.FEWEST, Policy.ROUND_ROBIN]),
        same_language_first=dice.random() < 0.5,
        pause=timedelta(seconds=dice.choice([0, 0, 5, 60])),
        room=dice.choice([None, None, 0, 2, 5]),
    )


def some_desk(dice: random.Random) -> tuple[Members, dict[int, Rules]]:
    """Up to 6 people in up to 4 groups; what a person is and holds is the same in each of their groups."""
    groups = range(1, dice.randrange(1, 5) + 1)
    members: Members = {group: [] for group in groups}
    for user_id in range(1, dice.randrange(7) + 1):
        person = some_person(dice, user_id)
        for group in dice.sample(groups, dice.randrange(1, len(groups) + 1)):
            one = replace(person, limit=dice.randrange(1, 6), priority=dice.randrange(-1, 2))
            members[group].append(one)
    return members, {group: some_rules(dice) for group in groups}


def some_wish(dice: random.Random) -> Wish:
    passed = frozenset(dice.sample(range(1, 7), dice.choice([0, 0, 1, 3, 6])))
    return Wish(dice.choice(LANGUAGES), dice.choice([None, None, *range(1, 7)]), passed)


class Plain:
    """The same rule, written for reading: asks `pick`, then counts the chat in all groups."""

    def __init__(self, members: Members, rules: dict[int, Rules]) -> None:
        self.members = {group: list(of_group) for group, of_group in members.items()}
        self.rules = dict(rules)
        self.given_at = TEN

    def give(self, group: int, wish: Wish) -> int | None:
        rules = self.rules.get(group, Rules())
        chosen = pick(self.members.get(group, []), rules, wish, TEN)
        if chosen is None:
            return None
        if rules.room is not None:
            self.rules[group] = replace(rules, room=rules.room - 1)
        for of_group in self.members.values():
            for place, one in enumerate(of_group):
                if one.user_id == chosen.user_id:
                    of_group[place] = replace(one, active=one.active + 1, idle_since=TEN, given_at=self.given_at)
        self.given_at += ONE_LATER
        return chosen.user_id

    def open_groups(self) -> set[int]:
        return {
            group
            for group, of_group in self.members.items()
            if has_room(self.rules[group]) and any(is_free(one, self.rules[group], TEN) for one in of_group)
        }


@pytest.mark.parametrize("seed", [1, 2])
def test_it_chooses_as_pick_does(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(DESKS // 2):
        members, rules = some_desk(dice)
        board, plain = Board(members, TEN, rules), Plain(members, rules)
        for _ in range(WISHES):
            group, wish = dice.randrange(1, 5), some_wish(dice)
            assert board.give(group, wish) == plain.give(group, wish), (members, rules, group, wish)
        assert set(board.open_groups()) == plain.open_groups()


def test_the_desks_are_worth_trying() -> None:
    """Most wishes find somebody, and many don't: a board that always says no would pass unseen."""
    dice, answers = random.Random(3), []
    for _ in range(300):
        members, rules = some_desk(dice)
        board = Board(members, TEN, rules)
        answers += [board.give(dice.randrange(1, 5), some_wish(dice)) for _ in range(WISHES)]
    share = len([one for one in answers if one]) / len(answers)
    assert 0.1 < share < 0.7


def test_it_never_gives_more_than_it_said() -> None:
    dice = random.Random(4)
    for _ in range(500):
        members, rules = some_desk(dice)
        board = Board(members, TEN, rules)
        most = board.free_places()
        given = [board.give(dice.randrange(1, 5), some_wish(dice)) for _ in range(40)]
        assert len([one for one in given if one]) <= most


def test_a_limit_counts_the_chats_of_all_groups() -> None:
    board = Board({1: [someone(7, active=1, limit=3)], 2: [someone(7, active=1, limit=2)]}, TEN)
    assert [board.give(1), board.give(2), board.give(1), board.give(1)] == [7, None, 7, None]


def test_who_gave_it_away_is_asked_last() -> None:
    board = Board({1: [someone(7), someone(8, active=3)]}, TEN)
    assert [board.give(1, Wish(given_by=7)), board.give(1, Wish(given_by=8))] == [8, 7]


def test_it_waits_for_the_others_while_they_are_here() -> None:
    board = Board({1: [someone(7), someone(8, active=4)]}, TEN)
    assert board.give(1, Wish(given_by=7)) is None
    assert board.give(1) == 7


def test_alone_one_gets_it_back_rather_than_nobody() -> None:
    assert Board({1: [someone(7)]}, TEN).give(1, Wish(given_by=7)) == 7


def test_in_turn_each_is_asked_once_before_anybody_is_asked_twice() -> None:
    people = [someone(number, limit=3, active=number % 2) for number in (1, 2, 3)]
    board = Board({1: people}, TEN, {1: Rules(Policy.ROUND_ROBIN)})
    assert [board.give(1) for _ in range(7)] == [1, 2, 3, 1, 2, 3, 2]


def test_a_pause_leaves_one_chat_for_each() -> None:
    board = Board({1: [someone(1), someone(2)]}, TEN, {1: Rules(pause=timedelta(seconds=30))})
    assert [board.give(1) for _ in range(3)] == [1, 2, None]
    assert board.open_groups() == []


def test_a_pause_in_one_group_counts_what_another_gave() -> None:
    board = Board({1: [someone(1)], 2: [someone(1)]}, TEN, {2: Rules(pause=timedelta(seconds=30))})
    assert [board.give(1), board.give(2), board.give(1)] == [1, None, 1]


def test_a_group_holds_no_more_than_it_may() -> None:
    board = Board({1: [someone(1)], 2: [someone(1)]}, TEN, {1: Rules(room=1)})
    assert [board.give(1), board.give(1), board.give(2)] == [1, None, 1]


def test_an_unknown_group_gives_nothing() -> None:
    assert Board({1: [someone(1)]}, TEN).give(2) is None
