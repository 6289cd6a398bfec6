from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pick import Candidate, pick, rank

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
