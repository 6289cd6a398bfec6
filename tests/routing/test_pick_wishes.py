"""Who is next with everything that groups and chats may wish at once: what must hold in each case, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.models import Policy
from routing.pick import Candidate, Rules, Wish, has_room, is_free, pick, rank

pytestmark = pytest.mark.once

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
MINUTES = st.integers(-30, 30).map(lambda minutes: NINE + timedelta(minutes=minutes))
TONGUES = st.frozensets(st.sampled_from(["de", "en", "fr", ""]), max_size=3)
SOMEBODY = st.builds(
    Candidate,
    user_id=st.integers(1, 9),
    priority=st.integers(-1, 1),
    active=st.integers(0, 3),
    limit=st.integers(1, 4),
    idle_since=MINUTES,
    given_at=st.none() | MINUTES,
    languages=TONGUES,
)
PEOPLE = st.lists(SOMEBODY, max_size=7, unique_by=lambda one: one.user_id)
RULES = st.builds(
    Rules,
    policy=st.sampled_from([Policy.FEWEST, Policy.ROUND_ROBIN]),
    same_language_first=st.booleans(),
    pause=st.sampled_from([timedelta(0), timedelta(minutes=5), timedelta(hours=1)]),
    room=st.none() | st.integers(-1, 2),
)
WISH = st.builds(
    Wish,
    language=st.sampled_from(["", "de", "fr", "xx"]),
    given_by=st.none() | st.integers(1, 9),
    passed_by=st.frozensets(st.integers(1, 9), max_size=4),
)


@settings(max_examples=150)
@given(people=PEOPLE, rules=RULES, wish=WISH)
def test_who_is_chosen_is_free_and_the_group_has_room(people: list[Candidate], rules: Rules, wish: Wish) -> None:
    one = pick(people, rules, wish, NINE)
    if one is None:
        return
    assert one in people
    assert has_room(rules)
    assert one.active < one.limit
    assert not rules.pause or one.given_at is None or one.given_at + rules.pause <= NINE


@settings(max_examples=150)
@given(people=PEOPLE, rules=RULES, wish=WISH)
def test_nobody_gets_back_what_they_gave_away_while_somebody_else_is_here(
    people: list[Candidate], rules: Rules, wish: Wish
) -> None:
    """Free or not: a chat that was handed on waits for the others."""
    one = pick(people, rules, wish, NINE)
    assert one is None or one.user_id != wish.given_by or [each.user_id for each in people] == [wish.given_by]


@settings(max_examples=150)
@given(people=PEOPLE, rules=RULES, wish=WISH)
def test_who_let_it_pass_is_asked_only_when_all_free_people_did(
    people: list[Candidate], rules: Rules, wish: Wish
) -> None:
    one = pick(people, rules, wish, NINE)
    if one is None or one.user_id not in wish.passed_by:
        return
    others = [each for each in people if each.user_id != wish.given_by] or people
    assert all(each.user_id in wish.passed_by for each in others if is_free(each, rules, NINE))


@settings(max_examples=150)
@given(people=PEOPLE, rules=RULES, wish=WISH)
def test_it_is_nobody_only_for_a_reason(people: list[Candidate], rules: Rules, wish: Wish) -> None:
    if pick(people, rules, wish, NINE) is None:
        others = [each for each in people if each.user_id != wish.given_by] or people
        assert not has_room(rules) or not any(is_free(each, rules, NINE) for each in others)


@settings(max_examples=100)
@given(people=PEOPLE, rules=RULES, wish=WISH, one=SOMEBODY)
def test_a_full_colleague_who_comes_changes_nothing_for_others(
    people: list[Candidate], rules: Rules, wish: Wish, one: Candidate
) -> None:
    """But for what was given away: that waits for them then."""
    wish, full = replace(wish, given_by=None), replace(one, user_id=99, active=3, limit=3)
    assert pick([*people, full], rules, wish, NINE) == pick(people, rules, wish, NINE)


@settings(max_examples=100)
@given(people=PEOPLE, rules=RULES)
def test_the_second_best_follows_when_the_best_is_gone(people: list[Candidate], rules: Rules) -> None:
    rules = replace(rules, same_language_first=False, room=None)
    left, ranks = list(people), []
    while best := pick(left, rules, now=NINE):
        ranks.append(rank(best, rules))
        left.remove(best)
    assert ranks == sorted(ranks)
    assert len(ranks) == sum(is_free(one, rules, NINE) for one in people)


@settings(max_examples=100)
@given(people=PEOPLE, wish=WISH)
def test_a_language_counts_only_where_the_group_wants_it(people: list[Candidate], wish: Wish) -> None:
    assert pick(people, Rules(), wish, NINE) == pick(people, Rules(), replace(wish, language="xx"), NINE)


@pytest.mark.parametrize("policy", [Policy.FEWEST, Policy.ROUND_ROBIN])
def test_dealing_out_many_loads_everybody_alike(policy: Policy) -> None:
    """Twelve chats to four people of one priority: three each, whatever the order they stand in."""
    people = {
        number: Candidate(user_id=number, priority=0, active=0, limit=5, idle_since=NINE) for number in range(1, 5)
    }
    for minute in range(12):
        now = NINE + timedelta(minutes=minute)
        one = pick(people.values(), Rules(policy=policy), now=now)
        assert one is not None
        people[one.user_id] = replace(one, active=one.active + 1, given_at=now)
    assert [one.active for one in people.values()] == [3, 3, 3, 3]
