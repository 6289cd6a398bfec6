"""Opening hours and special days in words: short, in the hours' own time, and never more than is true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendars import Busy
from routing.coming import SHOWN, coming_days, next_date
from routing.holidays import propose
from routing.hours import Spans, Week, is_open
from routing.models import Hours, SpecialDay
from routing.times import length, overlapping, read_spans
from routing.weektext import standing, week_text
from tests.factories import make_hours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE: Spans = ((time(9), time(17)),)
SHORT: Spans = ((time(10), time(14)),)
NIGHT: Spans = ((time(22), time(2)),)
WHOLE: Spans = ((time(0), time(0)),)
LUNCH: Spans = ((time(9), time(12)), (time(13), time(17)))


def days(spans: Spans, *which: int) -> dict[int, Spans]:
    return dict.fromkeys(which, spans)


WEEKS: list[tuple[dict[int, Spans], str]] = [
    ({}, "never open"),
    (days((), *range(7)), "never open"),
    (days(OFFICE, *range(7)), "Mon-Sun 09:00-17:00"),
    (days(WHOLE, *range(7)), "Mon-Sun 00:00-24:00"),
    (days(OFFICE, *range(5)), "Mon-Fri 09:00-17:00"),
    (days(OFFICE, *range(5)) | days(SHORT, 5), "Mon-Fri 09:00-17:00; Sat 10:00-14:00"),
    (days(OFFICE, 0, 1, 3, 4), "Mon-Tue 09:00-17:00; Thu-Fri 09:00-17:00"),
    (days(OFFICE, 0, 2, 4), "Mon 09:00-17:00; Wed 09:00-17:00; Fri 09:00-17:00"),
    (days(LUNCH, 0), "Mon 09:00-12:00, 13:00-17:00"),
    (days(NIGHT, 4, 5), "Fri-Sat 22:00-02:00"),
    (days(OFFICE, 6, 0), "Mon 09:00-17:00; Sun 09:00-17:00"),
    (days(SHORT, 6), "Sun 10:00-14:00"),
]


@pytest.mark.once
@pytest.mark.parametrize(("weekly", "said"), WEEKS)
def test_days_that_are_alike_stand_together(weekly: Mapping[int, Spans], said: str) -> None:
    assert week_text(weekly) == said


@pytest.mark.once
def test_the_names_of_days_are_in_the_language_of_who_reads() -> None:
    with override("de"):
        assert week_text(days(OFFICE, *range(5))).startswith("Mo-Fr ")


STANDINGS = [
    ("2026-03-02 10:00", "open, closes 17:00"),
    ("2026-03-02 08:59", "closed, opens 09:00"),
    ("2026-03-02 09:00", "open, closes 17:00"),
    ("2026-03-02 17:00", "closed, opens Tue 09:00"),
    ("2026-03-06 17:00", "closed, opens Mon 09:00"),
    ("2026-03-28 12:00", "closed, opens Mon 09:00"),  # the clocks jump in between
]


@pytest.mark.once
@pytest.mark.parametrize(("local", "said"), STANDINGS)
def test_whether_it_is_open_is_said_in_its_own_time(local: str, said: str) -> None:
    week = Week(BERLIN, days(OFFICE, *range(5)))
    moment = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    assert standing(week, moment) == said
    assert standing(week, moment.astimezone(ZoneInfo("Asia/Tokyo"))) == said


@pytest.mark.once
def test_what_never_opens_or_closes_says_so() -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert standing(Week(BERLIN), now) == "closed, never opens"
    assert standing(Week(BERLIN, days(WHOLE, *range(7))), now) == "open, never closes"


@pytest.mark.once
def test_what_is_a_week_away_or_more_is_said_with_its_date() -> None:
    week = Week(BERLIN, once={date(2026, 12, 1): SHORT})
    assert standing(week, datetime(2026, 3, 2, 12, tzinfo=UTC)) == "closed, opens 1 Dec 2026 10:00"
    assert standing(week, datetime(2026, 11, 24, 9, tzinfo=UTC)) == "closed, opens 1 Dec 2026 10:00"
    assert standing(week, datetime(2026, 11, 25, 10, tzinfo=UTC)) == "closed, opens Tue 10:00"


@pytest.mark.once
@settings(max_examples=60)
@given(
    minutes=st.integers(0, 14 * 1440),
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Africa/Casablanca"]),
    weekly=st.dictionaries(st.integers(0, 6), st.sampled_from([OFFICE, NIGHT, LUNCH, SHORT])),
)
def test_the_words_agree_with_the_question(minutes: int, zone: str, weekly: dict[int, Spans]) -> None:
    week = Week(ZoneInfo(zone), weekly)
    now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert standing(week, now).startswith("open, " if is_open(week, now) else "closed, ")


# --- special days ----------------------------------------------------------------------------------------------------

NEXT: list[tuple[date, bool, date, date | None]] = [
    (date(2026, 12, 25), False, date(2026, 12, 25), date(2026, 12, 25)),
    (date(2026, 12, 25), False, date(2026, 12, 26), None),
    (date(2020, 12, 25), True, date(2026, 12, 25), date(2026, 12, 25)),
    (date(2020, 12, 25), True, date(2026, 12, 26), date(2027, 12, 25)),
    (date(2030, 1, 1), True, date(2026, 3, 1), date(2027, 1, 1)),
    (date(2024, 2, 29), True, date(2026, 3, 1), date(2028, 2, 29)),
    (date(2024, 2, 29), True, date(2028, 2, 29), date(2028, 2, 29)),
    (date(2024, 2, 29), True, date(2096, 3, 1), date(2104, 2, 29)),  # 2100 has none
]


@pytest.mark.once
@pytest.mark.parametrize(("day", "yearly", "today", "when"), NEXT)
def test_when_a_special_day_comes_next(day: date, yearly: bool, today: date, when: date | None) -> None:
    assert next_date(SpecialDay(date=day, yearly=yearly), today) == when


@pytest.mark.once
@settings(max_examples=100)
@given(day=st.dates(date(1990, 1, 1), date(2040, 1, 1)), today=st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_yearly_day_always_comes_and_on_its_own_date(day: date, today: date) -> None:
    when = next_date(SpecialDay(date=day, yearly=True), today)
    assert when is not None
    assert today <= when < today + timedelta(days=9 * 366)
    assert (when.month, when.day) == (day.month, day.day)


@pytest.fixture
def hours(db: None) -> Hours:
    return make_hours(zone="Europe/Berlin", opens="09:00-17:00")


def special(hours: Hours, day: str, opens: str = "", **facts: object) -> None:
    SpecialDay.objects.create(hours=hours, date=date.fromisoformat(day), opens=opens, **facts)


NOW = datetime(2026, 12, 24, 12, tzinfo=UTC)


def test_each_line_says_when_and_what(hours: Hours) -> None:
    special(hours, "2026-12-31", "9-12", name="New Year's Eve")
    special(hours, "2020-12-25", yearly=True, name="Christmas")
    special(hours, "2026-12-28")
    assert coming_days(hours, NOW) == [
        "Fri 25 Dec 2026 · Christmas · closed",
        "Mon 28 Dec 2026 · closed",
        "Thu 31 Dec 2026 · New Year's Eve · 09:00-12:00",
    ]


@pytest.mark.parametrize("opens", ["", " ", ",", " ; ,"])
def test_a_day_without_an_interval_is_said_to_be_closed(hours: Hours, opens: str) -> None:
    special(hours, "2026-12-28", opens)
    assert coming_days(hours, NOW) == ["Mon 28 Dec 2026 · closed"]


def test_past_days_are_left_out_by_the_clock_of_the_place(hours: Hours) -> None:
    special(hours, "2026-12-24", name="Eve")
    assert coming_days(hours, datetime(2026, 12, 24, 22, 59, tzinfo=UTC)) == ["Thu 24 Dec 2026 · Eve · closed"]
    assert coming_days(hours, datetime(2026, 12, 24, 23, 1, tzinfo=UTC)) == []


def test_a_long_list_is_cut_to_what_comes_first(hours: Hours) -> None:
    for day in range(SHOWN + 4):
        special(hours, f"2027-01-{20 - day:02d}")
    told = coming_days(hours, NOW)
    assert [line[:6] for line in told] == [line[:6] for line in sorted(told, key=lambda line: int(line.split()[1]))]
    assert len(told) == SHOWN
    assert told[0].startswith("Mon 11 Jan")


def test_a_date_of_its_own_stands_before_what_comes_each_year(hours: Hours) -> None:
    """On one day the date wins, as it does when the hours are asked."""
    special(hours, "2020-12-25", yearly=True, name="Christmas")
    special(hours, "2026-12-25", "10-11", name="This year")
    assert [line.split(" · ")[1] for line in coming_days(hours, NOW)] == ["This year", "Christmas"]


# --- what calendars make of them -------------------------------------------------------------------------------------

SPANS = st.sampled_from([(), OFFICE, LUNCH, SHORT, WHOLE, NIGHT, ((time(0), time(6)), (time(18), time(0)))])
BUSY = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])


@pytest.mark.once
@settings(max_examples=150)
@given(weekly=SPANS, holes=st.lists(BUSY, min_size=1, max_size=5), closed=st.booleans(), yearly=st.booleans())
def test_a_proposed_day_can_always_be_kept(
    weekly: Spans, holes: list[tuple[int, int]], closed: bool, yearly: bool
) -> None:
    day = date(2026, 3, 2)
    busy = [Busy(day, start, end, yearly, f"n{start}") for start, end in holes]
    (proposed,) = propose(busy, {0: weekly}, closed=closed)
    spans = (proposed.opens and read_spans(proposed.opens)) or []
    assert not overlapping(spans)
    assert (proposed.date, proposed.yearly) == (day, yearly)
    assert len(proposed.name) <= 80
    usual = sum(length(*span) for span in weekly)
    if closed:
        assert sum(length(*span) for span in spans) <= usual


@pytest.mark.once
@settings(max_examples=150)
@given(weekly=SPANS, holes=st.lists(BUSY, min_size=1, max_size=4), at=st.integers(0, 1439))
def test_closed_where_the_calendar_says_and_as_ever_elsewhere(
    weekly: Spans, holes: list[tuple[int, int]], at: int
) -> None:
    """Minute by minute, by asking the week itself."""
    day = date(2026, 3, 2)
    busy = [Busy(day, start, end, False, "") for start, end in holes]
    (proposed,) = propose(busy, {0: weekly}, closed=True)
    zone = ZoneInfo("UTC")
    moment = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=at)
    usual = is_open(Week(zone, {0: weekly}), moment)
    special = is_open(Week(zone, once={day: tuple(read_spans(proposed.opens))}), moment)
    covered = any(start <= at < end for start, end in holes) or any(one.all_day for one in busy)
    assert special == (usual and not covered)
