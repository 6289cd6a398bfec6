from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.models import Policy
from routing.pick import Candidate, Rules, Wish, pick, rank

pytestmark = pytest.mark.once

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
ANNA = Candidate(user_id=1, priority=0, active=0, limit=4, idle_since=NINE)
BEN = replace(ANNA, user_id=2)

somebody = st.builds(
    Candidate,
    user_id=st.integers(1, 30),
    priority=st.integers(-2, 2),
    active=st.integers(0, 5),
    limit=st.integers(0, 5),
    idle_since=st.integers(0, 5).map(lambda minutes: NINE + timedelta(minutes=minutes)),
)
people = st.lists(somebody, max_size=12, unique_by=lambda one: one.user_id)


def test_nobody_there() -> None:
    assert pick([]) is None


def test_nobody_with_a_place() -> None:
    assert pick([replace(ANNA, active=4), replace(BEN, limit=0)]) is None


def test_over_the_limit_is_no_place_either() -> None:
    assert pick([replace(ANNA, active=9)]) is None


def test_priority_comes_first() -> None:
    assert pick([ANNA, replace(BEN, priority=1, active=3, idle_since=NINE + timedelta(hours=1))]) == pick(
        [replace(BEN, priority=1, active=3, idle_since=NINE + timedelta(hours=1))]
    )


def test_a_full_person_of_priority_is_passed_over() -> None:
    assert pick([ANNA, replace(BEN, priority=1, active=4)]) == ANNA


def test_then_who_has_fewest_chats() -> None:
    busy = replace(ANNA, active=1)
    rested = replace(BEN, idle_since=NINE + timedelta(hours=1))
    assert pick([busy, rested]) == rested


def test_then_who_is_idle_longest() -> None:
    longer = replace(BEN, idle_since=NINE - timedelta(seconds=1))
    assert pick([ANNA, longer]) == longer


def test_then_the_older_account() -> None:
    assert pick([BEN, ANNA]) == ANNA


IN_TURN = Rules(Policy.ROUND_ROBIN)
POLYGLOT = Rules(same_language_first=True)
TEN = NINE + timedelta(hours=1)


def test_in_turn_it_is_who_was_given_one_longest_ago() -> None:
    just_now, before = replace(ANNA, given_at=TEN), replace(BEN, given_at=NINE, active=3)
    assert pick([just_now, before], IN_TURN) == before
    assert pick([just_now, before]) == just_now


def test_in_turn_who_never_was_given_one_comes_first() -> None:
    assert pick([replace(ANNA, given_at=NINE), BEN], IN_TURN) == BEN


def test_in_turn_priority_still_comes_first() -> None:
    assert pick([replace(ANNA, given_at=TEN, priority=1), BEN], IN_TURN) == replace(ANNA, given_at=TEN, priority=1)


def test_who_speaks_the_language_comes_before_priority_and_load() -> None:
    speaks = replace(BEN, languages=frozenset({"de", "en"}), active=3)
    first = replace(ANNA, priority=5)
    assert pick([first, speaks], POLYGLOT, Wish("de")) == speaks
    assert pick([first, speaks], POLYGLOT, Wish("fr")) == first
    assert pick([first, speaks], POLYGLOT, Wish("")) == first
    assert pick([first, speaks], Rules(), Wish("de")) == first


def test_a_full_speaker_keeps_nobody_waiting() -> None:
    assert pick([ANNA, replace(BEN, languages=frozenset({"de"}), active=4)], POLYGLOT, Wish("de")) == ANNA


def test_between_two_chats_there_is_a_pause() -> None:
    rules = Rules(pause=timedelta(seconds=30))
    tired = replace(ANNA, given_at=TEN)
    for seconds, chosen in ((0, None), (29, None), (30, tired)):
        assert pick([tired], rules, now=TEN + timedelta(seconds=seconds)) == chosen
    assert pick([tired, BEN], rules, now=TEN) == BEN


@pytest.mark.parametrize(("room", "chosen"), [(None, ANNA), (1, ANNA), (0, None), (-1, None)])
def test_a_full_group_gives_none(room: int | None, chosen: Candidate | None) -> None:
    assert pick([ANNA], Rules(room=room)) == chosen


def test_who_let_it_pass_is_asked_when_all_did() -> None:
    assert pick([ANNA, BEN], wish=Wish(passed_by=frozenset({1}))) == BEN
    assert pick([ANNA, BEN], wish=Wish(passed_by=frozenset({1, 2}))) == ANNA


def test_who_let_it_pass_is_asked_again_rather_than_nobody() -> None:
    assert pick([ANNA, replace(BEN, active=4)], wish=Wish(passed_by=frozenset({1}))) == ANNA


def test_who_gave_it_away_is_out_even_when_all_others_let_it_pass() -> None:
    assert pick([ANNA, BEN], wish=Wish(given_by=1, passed_by=frozenset({2}))) == BEN


@given(people)
def test_the_chosen_one_has_a_place_and_nobody_with_one_ranks_before(everybody: list[Candidate]) -> None:
    chosen = pick(everybody)
    free = [one for one in everybody if one.active < one.limit]
    assert (chosen is None) == (not free)
    assert chosen is None or (chosen in free and all(rank(chosen) <= rank(one) for one in free))


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_asking_does_not_matter(everybody: list[Candidate], chance: object) -> None:
    shuffled = sorted(everybody, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert pick(shuffled) == pick(everybody)
