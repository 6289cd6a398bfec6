"""Who is next, against the rules written down a second time, and over many chats: nobody is favoured or forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.models import Policy
from routing.pick import Candidate, Rules, Wish, has_room, is_free, pick

pytestmark = pytest.mark.once

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
MINUTES = st.integers(0, 30).map(lambda minutes: NINE + timedelta(minutes=minutes))
LANGUAGES = ("de", "en", "fr")
SOMEBODY = st.builds(
    Candidate,
    user_id=st.integers(1, 12),
    priority=st.integers(-1, 1),
    active=st.integers(0, 3),
    limit=st.integers(0, 3),
    idle_since=MINUTES,
    given_at=st.none() | MINUTES,
    languages=st.frozensets(st.sampled_from(LANGUAGES)),
)
PEOPLE = st.lists(SOMEBODY, max_size=8, unique_by=lambda one: one.user_id)
RULES = st.builds(
    Rules,
    policy=st.sampled_from(Policy),
    same_language_first=st.booleans(),
    pause=st.sampled_from([timedelta(0), timedelta(minutes=5), timedelta(hours=1)]),
    room=st.none() | st.integers(-1, 2),
)
WISHES = st.builds(
    Wish,
    language=st.sampled_from(("", *LANGUAGES)),
    given_by=st.none() | st.integers(1, 12),
    passed_by=st.frozensets(st.integers(1, 12)),
)


def slow(people: list[Candidate], rules: Rules, wish: Wish, now: datetime) -> Candidate | None:
    """The rules as sentences: each one throws out who can't be next, while somebody is left."""
    if rules.room is not None and rules.room < 1:
        return None
    left = [one for one in people if one.user_id != wish.given_by]
    left = left if left else list(people)
    left = [one for one in left if one.active < one.limit]
    if rules.pause:
        left = [one for one in left if one.given_at is None or now - one.given_at >= rules.pause]
    left = [one for one in left if one.user_id not in wish.passed_by] or left
    if rules.same_language_first:
        left = [one for one in left if wish.language in one.languages] or left
    highest = max((one.priority for one in left), default=0)
    left = [one for one in left if one.priority == highest]
    if rules.policy == Policy.ROUND_ROBIN:
        never = [one for one in left if one.given_at is None]
        left = never or [one for one in left if one.given_at == min(each.given_at or now for each in left)]
    else:
        fewest = min((one.active for one in left), default=0)
        left = [one for one in left if one.active == fewest]
        left = [one for one in left if one.idle_since == min(each.idle_since for each in left)]
    return sorted(left, key=lambda one: one.user_id)[0] if left else None


@given(people=PEOPLE, rules=RULES, wish=WISHES, minutes=st.integers(30, 100))
def test_it_is_who_the_sentences_say(people: list[Candidate], rules: Rules, wish: Wish, minutes: int) -> None:
    now = NINE + timedelta(minutes=minutes)
    assert pick(people, rules, wish, now) == slow(people, rules, wish, now)


@given(people=PEOPLE, rules=RULES, wish=WISHES, minutes=st.integers(30, 100))
def test_without_whoever_was_chosen_somebody_else_is_or_nobody_was_free(
    people: list[Candidate], rules: Rules, wish: Wish, minutes: int
) -> None:
    now = NINE + timedelta(minutes=minutes)
    chosen = pick(people, rules, wish, now)
    if chosen is None:
        free = [one for one in people if is_free(one, rules, now) and one.user_id != wish.given_by]
        assert not free or not has_room(rules)
    else:
        again = pick([one for one in people if one != chosen], rules, wish, now)
        assert again != chosen
        assert is_free(chosen, rules, now)


@given(people=PEOPLE, wish=WISHES)
def test_who_gave_it_away_never_gets_it_back_past_a_colleague(people: list[Candidate], wish: Wish) -> None:
    chosen = pick(people, Rules(), wish)
    if chosen is not None and chosen.user_id == wish.given_by:
        assert people == [chosen]


@given(people=PEOPLE, newcomer=SOMEBODY, rules=RULES)
def test_a_full_newcomer_changes_nothing(people: list[Candidate], newcomer: Candidate, rules: Rules) -> None:
    others = [one for one in people if one.user_id != newcomer.user_id]
    full = replace(newcomer, active=newcomer.limit)
    assert pick([*others, full], rules) == pick(others, rules)


def handed_out(people: list[Candidate], rules: Rules, chats: int) -> list[int]:
    """Who gets each of so many chats, one a minute, none of them ending."""
    got: list[int] = []
    for minute in range(chats):
        now = NINE + timedelta(minutes=60 + minute)
        chosen = pick(people, rules, Wish(), now)
        if chosen is None:
            break
        got.append(chosen.user_id)
        given = replace(chosen, active=chosen.active + 1, given_at=now, idle_since=now)
        people = [given if one.user_id == chosen.user_id else one for one in people]
    return got


def team(count: int, limit: int) -> list[Candidate]:
    return [Candidate(number, 0, 0, limit, NINE) for number in range(1, count + 1)]


@pytest.mark.parametrize("policy", Policy)
@given(count=st.integers(1, 6), limit=st.integers(1, 5), chats=st.integers(0, 40))
def test_equals_are_given_equally_many_and_never_more_than_they_may_hold(
    policy: Policy, count: int, limit: int, chats: int
) -> None:
    got = handed_out(team(count, limit), Rules(policy=policy), chats)
    held = [got.count(number) for number in range(1, count + 1)]
    assert len(got) == min(chats, count * limit)
    assert max(held) - min(held) <= 1
    assert max(held) <= limit


@given(count=st.integers(2, 6), start=st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_in_turn_each_gets_one_before_anybody_gets_two_however_full_they_are(count: int, start: list[int]) -> None:
    people = [replace(one, active=active) for one, active in zip(team(count, 20), start, strict=False)]
    got = handed_out(people, Rules(policy=Policy.ROUND_ROBIN), count * 3)
    assert [sorted(got[turn * count : (turn + 1) * count]) for turn in range(3)] == [list(range(1, count + 1))] * 3


@given(start=st.lists(st.integers(0, 6), min_size=2, max_size=6), chats=st.integers(0, 30))
def test_fewest_first_evens_out_what_was_uneven(start: list[int], chats: int) -> None:
    people = [replace(one, active=active) for one, active in zip(team(len(start), 50), start, strict=True)]
    got = handed_out(people, Rules(), chats)
    held = [active + got.count(number) for number, active in enumerate(start, start=1)]
    if chats >= sum(max(start) - active for active in start):
        assert max(held) - min(held) <= 1
    else:
        assert max(held) == max(start)


@given(pause=st.integers(1, 10), chats=st.integers(1, 30))
def test_between_two_chats_of_one_person_lies_the_pause(pause: int, chats: int) -> None:
    people = team(1, 100)
    times: list[int] = []
    for minute in range(chats):
        now = NINE + timedelta(minutes=minute)
        chosen = pick(people, Rules(pause=timedelta(minutes=pause)), Wish(), now)
        if chosen is not None:
            times.append(minute)
            people = [replace(chosen, active=chosen.active + 1, given_at=now)]
    assert times == list(range(0, chats, pause))


@pytest.mark.parametrize("language", ["", "pt", "DE"])
def test_a_language_that_nobody_speaks_changes_nothing(language: str) -> None:
    people = [replace(one, languages=frozenset({"de"})) for one in team(3, 2)]
    strict = Rules(same_language_first=True)
    assert pick(people, strict, Wish(language=language)) == pick(people, Rules(), Wish())


def test_who_gave_it_away_and_is_alone_gets_it_back_even_after_passing() -> None:
    (alone,) = team(1, 1)
    assert pick([alone], wish=Wish(given_by=1, passed_by=frozenset({1}))) == alone
    assert pick([replace(alone, active=1)], wish=Wish(given_by=1)) is None
