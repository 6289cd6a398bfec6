"""Posted hours against the people who may be signed in then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.access import Person, access
from accounts.models import LoginWindow, Scope, UserType
from accounts.windows import Window
from routing.coverage import AHEAD, Gap, gaps, open_spans, uncovered
from routing.hours import Week
from routing.models import Group, Hours, Interval
from tests.factories import make_group, make_membership, make_user

ZONELESS = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)


def person(*windows: tuple[int, int, int], zone: ZoneInfo = ZONELESS) -> Person:
    """Who may be signed in on (weekday, from hour, to hour)."""
    return Person(zone=zone, windows=tuple(Window(day, time(start), time(end)) for day, start, end in windows))


def hours_of(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    return [(int((a - MONDAY).total_seconds() // 3600), int((b - MONDAY).total_seconds() // 3600)) for a, b in spans]


DAY = (MONDAY, MONDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("people", "bare"),
    [
        ([person((0, 0, 12)), person((0, 12, 0))], []),
        ([person((0, 8, 16))], [(0, 8), (16, 24)]),
        ([person((0, 8, 12)), person((0, 10, 16))], [(0, 8), (16, 24)]),
        ([person((0, 8, 12)), person((0, 13, 16))], [(0, 8), (12, 13), (16, 24)]),
        ([person((6, 22, 6)), person((0, 6, 23))], [(23, 24)]),
        ([person()], []),
        ([person((3, 8, 9))], [(0, 24)]),
        ([person((0, 8, 16), zone=BERLIN)], [(0, 6), (14, 24)]),
        ([], [(0, 24)]),
    ],
)
def test_what_nobody_covers(people: list[Person], bare: list[tuple[int, int]]) -> None:
    assert hours_of(list(uncovered(DAY, people))) == bare


WINDOWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(0, 23)), min_size=1, max_size=3)


@given(people=st.lists(WINDOWS, max_size=3), offset=st.integers(0, 24 * 365), hour=st.integers(0, 47))
def test_it_agrees_with_the_question_at_the_door(
    people: list[list[tuple[int, int, int]]], offset: int, hour: int
) -> None:
    """At any moment of a span, in either night of a change of clocks: uncovered is that nobody may sign in."""
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=offset)
    span, rules = (start, start + timedelta(hours=48)), [person(*windows, zone=BERLIN) for windows in people]
    moment = start + timedelta(hours=hour, minutes=30)
    bare = any(a <= moment < b for a, b in uncovered(span, rules))
    assert bare == (not any(access(one, "192.0.2.1", moment).allowed for one in rules))


def test_a_group_without_hours_is_always_open() -> None:
    assert list(open_spans(None, MONDAY)) == [(MONDAY, MONDAY + AHEAD)]


def test_open_spans_follow_the_week() -> None:
    week = Week(ZoneInfo("UTC"), weekly={0: ((time(9), time(12)), (time(13), time(17))), 4: ((time(22), time(2)),)})
    assert hours_of(list(open_spans(week, MONDAY))) == [(9, 12), (13, 17), (118, 122)]
    assert list(open_spans(Week(ZoneInfo("UTC")), MONDAY)) == []


# --- as the rows say -------------------------------------------------------------------------------------------------


@pytest.fixture
def billing(db: None) -> Group:
    """Open Monday to Friday from 9 to 18, in Berlin."""
    hours = Hours.objects.create(name="office", zone="Europe/Berlin")
    for day in range(5):
        Interval.objects.create(hours=hours, weekday=day, start=time(9), end=time(18))
    return make_group("billing", hours=hours)


def kind_until(hour: int, **facts: bool | Scope) -> UserType:
    kind = UserType.objects.create(name=f"until {hour}", zone="Europe/Berlin", **facts)
    for day in range(5):
        LoginWindow.objects.create(user_type=kind, weekday=day, start=time(8), end=time(hour, 30))
    return kind


def local(gap: Gap) -> tuple[str, str]:
    return f"{gap.start.astimezone(gap.zone):%a %H:%M}", f"{gap.end.astimezone(gap.zone):%a %H:%M}"


def test_friday_half_past_four_billing_has_nobody(billing: Group) -> None:
    make_membership(billing, make_user("ann", kind_until(16)))
    found = gaps(MONDAY)
    assert ("Fri 16:30", "Fri 18:00") in [local(gap) for gap in found]
    assert len(found) == 5
    assert found == sorted(found, key=lambda gap: gap.start)
    make_membership(billing, make_user("bea", kind_until(18)))
    assert gaps(MONDAY) == []


def test_who_is_given_no_chats_covers_nothing(billing: Group) -> None:
    make_membership(billing, make_user("ann", kind_until(16)))
    make_membership(billing, make_user("off", kind_until(18), is_active=False))
    make_membership(billing, make_user("idle", kind_until(19)), limit=0)
    make_membership(billing, make_user("boss", kind_until(20, counts_for_presence=False)))
    make_membership(billing, make_user("clerk", kind_until(21, opens_dashboard=False)))
    make_membership(billing, make_user("reader", kind_until(22, answer=Scope.NONE)))
    assert len(gaps(MONDAY)) == 5


def test_who_may_sign_in_at_any_time_covers_all(billing: Group) -> None:
    make_membership(billing, make_user("ann", UserType.objects.create(name="always")))
    assert gaps(MONDAY) == []


def test_without_hours_it_is_told_by_the_desk_s_clock(db: None, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    make_membership(make_group("always"), make_user("ann", kind_until(16)))
    assert local(gaps(MONDAY)[0]) == ("Mon 02:00", "Mon 08:00")


def test_a_group_without_members_is_told_elsewhere(billing: Group) -> None:
    assert gaps(MONDAY) == []


def test_more_groups_and_people_cost_no_more_queries(billing: Group, django_assert_max_num_queries: object) -> None:
    kind = kind_until(16)
    for n in range(4):
        group = make_group(f"group{n}", hours=billing.hours)
        make_membership(group, make_user(f"person{n}", kind))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(gaps(MONDAY)) == 20
