"""By when an answer is in time: months of every length, leap years, zones."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.deadlines import WARNINGS, day_of, days_left, due_on, ends, months_later, warnings_passed

DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2200, 1, 1))
ZONES = ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kathmandu"]


@pytest.mark.parametrize(
    ("received", "due", "longer"),
    [
        ("2026-03-05", "2026-04-05", "2026-06-05"),  # as in examples of the EDPB (Guidelines 01/2022)
        ("2026-08-31", "2026-09-30", "2026-11-30"),
        ("2026-01-31", "2026-02-28", "2026-04-30"),
        ("2028-01-31", "2028-02-29", "2028-04-30"),  # a leap year
        ("2028-02-29", "2028-03-29", "2028-05-29"),
        ("2100-01-30", "2100-02-28", "2100-04-30"),  # no leap year
        ("2026-12-31", "2027-01-31", "2027-03-31"),
        ("2026-11-30", "2026-12-30", "2027-02-28"),
    ],
)
def test_known_days(received: str, due: str, longer: str) -> None:
    day = date.fromisoformat(received)
    assert due_on(day) == date.fromisoformat(due)
    assert due_on(day, is_extended=True) == date.fromisoformat(longer)


@given(DAYS)
def test_it_is_in_the_next_month_and_never_a_month_of_its_longest_length_away(received: date) -> None:
    due = due_on(received)
    months = (due.year - received.year) * 12 + due.month - received.month
    assert months == 1
    assert 28 <= (due - received).days <= 31
    last = calendar.monthrange(due.year, due.month)[1]
    assert due.day == min(received.day, last)


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_who_comes_later_is_never_due_earlier(received: date, days: int) -> None:
    later = received + timedelta(days=days)
    assert due_on(received) <= due_on(later)
    assert due_on(received, is_extended=True) <= due_on(later, is_extended=True)
    assert due_on(received) < due_on(received, is_extended=True)


@given(DAYS, st.integers(min_value=0, max_value=500))
def test_months_are_counted_from_the_day_itself(day: date, months: int) -> None:
    """Not month after month, which would let the 31st become the 28th on its way."""
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert months_later(day, 0) == day
    if day.day <= 28:
        assert found.day == day.day


def test_a_day_that_no_calendar_has() -> None:
    with pytest.raises(OverflowError):
        months_later(date.max, 1)


@given(st.integers(min_value=0, max_value=4_000_000_000), st.sampled_from(ZONES))
def test_the_desk_counts_days_where_it_is(seconds: int, name: str) -> None:
    zone = ZoneInfo(name)
    at = datetime.fromtimestamp(seconds, UTC)
    received = day_of(at, zone)
    assert abs((received - at.date()).days) <= 1
    over = ends(due_on(received), zone)
    assert day_of(over - timedelta(seconds=1), zone) == due_on(received), "the last second of the day is in time"
    assert day_of(over, zone) == due_on(received) + timedelta(days=1)


def test_the_same_moment_is_due_on_other_days_elsewhere() -> None:
    at = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert due_on(day_of(at, ZoneInfo("UTC"))) == date(2026, 2, 28)
    assert due_on(day_of(at, ZoneInfo("Europe/Berlin"))) == date(2026, 3, 1)


@given(DAYS, st.integers(min_value=-40, max_value=40))
def test_warnings_are_passed_one_after_another(due: date, days: int) -> None:
    today = due - timedelta(days=days)
    assert days_left(due, today) == days
    passed = warnings_passed(due, today)
    assert 0 <= passed <= len(WARNINGS)
    assert passed <= warnings_passed(due, today + timedelta(days=1)) <= passed + 1
    assert (passed == len(WARNINGS)) == (today > due)


def test_ten_days_three_days_the_day_itself_and_over() -> None:
    due = date(2026, 3, 31)
    passed = {left: warnings_passed(due, due - timedelta(days=left)) for left in (11, 10, 4, 3, 1, 0, -1)}
    assert passed == {11: 0, 10: 1, 4: 1, 3: 2, 1: 2, 0: 3, -1: 4}
