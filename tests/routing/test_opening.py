"""Hours as the rows say them, for groups."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from routing.availability import group_state
from routing.models import Group, Hours, SpecialDay
from routing.opening import is_open, next_change, next_opening, open_groups, openings
from tests.factories import make_group, make_hours, make_operator, make_present

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.fixture
def office(db: None) -> Group:
    return make_group("office", hours=make_hours(opens="09:00-12:00, 13:00-17:00", days=range(5)))


def hours_of(group: Group) -> Hours:
    return Hours.objects.get(groups=group)


def test_without_hours_it_is_always_open(sales: Group, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert is_open(sales)
        assert next_opening([sales], at(3)) == at(3)
        assert next_change([sales], at(3)) is None


def test_by_its_hours(office: Group) -> None:
    assert [is_open(office, at(hour)) for hour in (8, 9, 12, 13, 17)] == [False, True, False, True, False]
    assert not is_open(office, at(10, day=5))
    assert next_opening([office], at(18, day=4)) == at(9, day=7)
    assert next_change([office], at(10)) == at(12)
    assert next_change([office], at(12)) == at(13)


def test_in_its_own_zone(db: None) -> None:
    tokyo = make_group("tokyo", hours=make_hours(zone="Asia/Tokyo", opens="09:00-17:00"))
    assert is_open(tokyo, at(0))
    assert not is_open(tokyo, at(9))


def test_a_special_day_of_the_rows(office: Group) -> None:
    hours = hours_of(office)
    SpecialDay.objects.create(hours=hours, date=MONDAY.date(), name="Inventory", opens="10:00-11:00")
    SpecialDay.objects.create(hours=hours, date=date(2001, 3, 3), yearly=True, name="Founders")
    assert [is_open(office, at(hour)) for hour in (9, 10, 11)] == [False, True, False]
    assert not is_open(office, at(10, day=1))
    assert is_open(office, at(10, day=2))
    assert next_opening([office], at(11)) == at(9, day=2)


def test_the_first_of_several(office: Group, db: None) -> None:
    night = make_group("night", hours=make_hours("Night", opens="20:00-06:00"))
    assert next_opening([office, night], at(18)) == at(20)
    assert next_change([office, night], at(11)) == at(12)
    assert open_groups([office, night], at(21)) == {night.pk}
    assert next_opening([office, night], at(10)) == at(10)


def test_hours_without_a_minute_never_open(db: None) -> None:
    never = make_group("never", hours=make_hours())
    assert not is_open(never, at(10))
    assert (next_opening([never], at(10)), next_change([never], at(10))) == (None, None)
    assert next_opening([], at(10)) is None


def test_the_questions_do_not_grow_with_the_groups(db: None, django_assert_max_num_queries: object) -> None:
    groups = [make_group(f"g{n}", hours=make_hours(f"h{n}", opens="09:00-17:00")) for n in range(8)]
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert open_groups(groups, at(10)) == {group.pk for group in groups}


def test_holidays_far_away_and_long_ago_are_not_read(office: Group) -> None:
    for year in (1999, 2024, 2090):
        SpecialDay.objects.create(hours=hours_of(office), date=date(year, 3, 2))
    assert is_open(office, at(10))


def test_closed_groups_alone_have_an_opening_to_wait_for(
    office: Group, sales: Group, django_assert_num_queries: object
) -> None:
    never, late = (
        make_group("never", hours=make_hours("Never")),
        make_group("late", hours=make_hours("Late", opens="20:00-22:00")),
    )
    groups = [office, sales, never, late]
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert openings(groups, at(8)) == {office.pk: at(9), never.pk: None, late.pk: at(20)}
    assert openings(groups, at(10)) == {never.pk: None, late.pk: at(20)}
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert openings([sales], at(8)) == {}


# --- what the state of a group makes of it ---------------------------------------------------------------------------


def closed_now() -> str:
    """Hours that are over, for a while, whatever the time is."""
    hour = (timezone.now().hour + 3) % 24
    return f"{hour:02}:00-{hour:02}:30"


def test_closed_is_masked_whoever_is_here(db: None) -> None:
    group = make_group("shut", hours=make_hours(opens=closed_now()))
    assert group_state(group) == "masked"
    make_present(make_operator("anna", group))
    assert group_state(group) == "masked"


def test_open_is_as_ever(db: None) -> None:
    group = make_group("round-the-clock", hours=make_hours(opens="00:00-24:00"))
    assert group_state(group) == "offline"
    make_present(make_operator("anna", group))
    assert group_state(group) == "online"


def test_switched_off_is_offline_even_outside_its_hours(db: None) -> None:
    assert group_state(make_group("off", hours=make_hours(), is_active=False)) == "offline"
