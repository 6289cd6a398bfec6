"""Opening hours, tried by hand where it is subtle; test_hours_model.py tries the rest by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from routing.hours import LOOK_AHEAD, Week, closes_at, is_open, next_change, next_opening
from routing.times import read_spans

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {day: tuple(read_spans("09:00-12:00, 13:00-17:00")) for day in range(5)}
WEEK = Week(BERLIN, OFFICE)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


def only(day: str, opens: str) -> Week:
    """Open on that one day alone."""
    return Week(BERLIN, once={date.fromisoformat(day): tuple(read_spans(opens))})


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-03-02 08:59", False),
        ("2026-03-02 09:00", True),
        ("2026-03-02 11:59", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 13:00", True),
        ("2026-03-02 17:00", False),
        ("2026-03-07 10:00", False),
    ],
)
def test_the_first_minute_is_open_the_last_is_not(moment: str, answer: bool) -> None:
    assert is_open(WEEK, berlin(moment)) is answer
    assert is_open(WEEK, berlin(moment).astimezone(UTC)) is answer


def test_when_it_closes_and_opens() -> None:
    assert closes_at(WEEK, berlin("2026-03-02 10:00")) == berlin("2026-03-02 12:00")
    assert next_opening(WEEK, berlin("2026-03-02 12:00")) == berlin("2026-03-02 13:00")
    assert next_opening(WEEK, berlin("2026-03-06 17:00")) == berlin("2026-03-09 09:00")
    assert next_opening(WEEK, berlin("2026-03-02 10:00")) == berlin("2026-03-02 10:00")
    assert closes_at(WEEK, berlin("2026-03-02 12:30")) is None


def test_the_answer_is_in_universal_time() -> None:
    for moment in (datetime(2026, 3, 2, 6, tzinfo=UTC), berlin("2026-03-02 07:00"), berlin("2026-03-02 09:00")):
        opening = next_opening(WEEK, moment)
        assert (opening, opening and opening.tzinfo) == (datetime(2026, 3, 2, 8, tzinfo=UTC), UTC)


def test_what_changes_next() -> None:
    assert next_change(WEEK, berlin("2026-03-02 10:00")) == berlin("2026-03-02 12:00")
    assert next_change(WEEK, berlin("2026-03-02 12:00")) == berlin("2026-03-02 13:00")


def test_past_midnight() -> None:
    week = Week(BERLIN, {4: ((time(22), time(2)),)})
    assert is_open(week, berlin("2026-03-07 01:59"))
    assert not is_open(week, berlin("2026-03-07 02:00"))
    assert not is_open(week, berlin("2026-03-06 01:00"))
    assert closes_at(week, berlin("2026-03-06 23:00")) == berlin("2026-03-07 02:00")


def test_intervals_that_meet_are_one_opening() -> None:
    week = Week(BERLIN, {0: tuple(read_spans("08:00-12:00, 12:00-24:00")), 1: tuple(read_spans("00:00-03:00"))})
    assert closes_at(week, berlin("2026-03-02 09:00")) == berlin("2026-03-03 03:00")


def test_day_and_night() -> None:
    always = Week(BERLIN, {day: ((time(0), time(0)),) for day in range(7)})
    assert is_open(always, berlin("2026-03-29 02:30"))
    assert closes_at(always, berlin("2026-03-02 09:00")) is None
    assert next_change(always, berlin("2026-03-02 09:00")) is None


def test_never() -> None:
    never = Week(BERLIN)
    assert not is_open(never, berlin("2026-03-02 09:00"))
    assert next_opening(never, berlin("2026-03-02 09:00")) is None


# --- special days ----------------------------------------------------------------------------------------------------


def test_a_holiday_closes_the_day() -> None:
    week = Week(BERLIN, OFFICE, yearly={(12, 25): ()})
    assert not is_open(week, berlin("2026-12-25 10:00"))
    assert next_opening(week, berlin("2026-12-24 18:00")) == berlin("2026-12-28 09:00")
    assert not is_open(week, berlin("2030-12-25 10:00"))


def test_a_special_day_has_its_own_hours_even_on_a_sunday() -> None:
    week = Week(BERLIN, OFFICE, once={date(2026, 3, 8): ((time(10), time(14)),)})
    assert is_open(week, berlin("2026-03-08 10:00"))
    assert closes_at(week, berlin("2026-03-08 10:00")) == berlin("2026-03-08 14:00")


def test_a_date_wins_over_what_comes_each_year() -> None:
    week = Week(BERLIN, OFFICE, yearly={(12, 25): ()}, once={date(2026, 12, 25): ((time(9), time(10)),)})
    assert is_open(week, berlin("2026-12-25 09:30"))
    assert not is_open(week, berlin("2028-12-25 09:30"))


def test_the_29_of_february_comes_in_leap_years_alone() -> None:
    week = Week(BERLIN, {day: ((time(9), time(17)),) for day in range(7)}, yearly={(2, 29): ()})
    assert not is_open(week, berlin("2028-02-29 10:00"))
    assert is_open(week, berlin("2027-02-28 10:00"))
    assert is_open(week, berlin("2027-03-01 10:00"))


def test_an_evening_belongs_to_the_day_it_began() -> None:
    nights = {day: ((time(20), time(2)),) for day in range(7)}
    week = Week(BERLIN, nights, yearly={(12, 25): ()})
    assert is_open(week, berlin("2026-12-25 01:00"))
    assert not is_open(week, berlin("2026-12-25 21:00"))
    assert not is_open(week, berlin("2026-12-26 01:00"))


def test_a_day_that_comes_once_a_year_is_found_and_no_later_one() -> None:
    week = Week(BERLIN, yearly={(3, 1): ((time(9), time(10)),)})
    now = berlin("2026-03-01 10:00")
    assert next_opening(week, now) == berlin("2027-03-01 09:00")
    far = now + timedelta(days=LOOK_AHEAD + 2)
    assert next_opening(Week(BERLIN, once={far.date(): ((time(9), time(10)),)}), now) is None


# --- when the clock is changed ---------------------------------------------------------------------------------------


def span(week: Week, day: str) -> tuple[datetime | None, datetime | None]:
    opens = next_opening(week, berlin(day))
    return opens, closes_at(week, opens) if opens else None


def test_a_time_that_the_clock_skips_is_later_by_the_jump() -> None:
    opens, closes = span(only("2026-03-29", "02:30-04:00"), "2026-03-29 00:00")
    assert (opens, closes) == (berlin("2026-03-29 03:30"), berlin("2026-03-29 04:00"))
    opens, closes = span(only("2026-03-29", "01:00-02:30"), "2026-03-29 00:00")
    assert (opens, closes) == (berlin("2026-03-29 01:00"), berlin("2026-03-29 03:30"))


def test_what_lies_in_the_jump_alone_is_as_long_as_ever() -> None:
    assert span(only("2026-03-29", "02:00-02:30"), "2026-03-29 00:00") == (
        berlin("2026-03-29 03:00"),
        berlin("2026-03-29 03:30"),
    )


def test_what_would_end_before_it_begins_does_not_open() -> None:
    assert span(only("2026-03-29", "02:30-03:15"), "2026-03-29 00:00") == (None, None)


def test_a_time_that_comes_twice_begins_with_the_first_and_ends_with_the_second() -> None:
    opens, closes = span(only("2026-10-25", "02:15-02:45"), "2026-10-25 00:00")
    assert opens is not None
    assert closes is not None
    assert (opens.astimezone(UTC), closes.astimezone(UTC)) == (
        datetime(2026, 10, 25, 0, 15, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 45, tzinfo=UTC),
    )


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-01", 24)])
def test_a_whole_day_is_as_long_as_the_day(day: str, hours: int) -> None:
    opens, closes = span(only(day, "00:00-24:00"), f"{day} 00:00")
    assert opens is not None
    assert closes is not None
    assert closes.astimezone(UTC) - opens.astimezone(UTC) == timedelta(hours=hours)


def test_a_night_shift_over_the_change() -> None:
    opens, closes = span(only("2026-03-28", "22:00-06:00"), "2026-03-28 12:00")
    assert opens is not None
    assert closes is not None
    assert closes.astimezone(UTC) - opens.astimezone(UTC) == timedelta(hours=7)
