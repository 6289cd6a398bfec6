"""Events of a calendar in any zone, over any change of the clocks: each minute once, on the day it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from routing.calendars import DAYS, EVENTS, LONGEST, Busy, read_calendar
from routing.holidays import propose
from routing.times import read_spans
from tests.routing.calendars import calendar, event

pytestmark = pytest.mark.once

TODAY = date(2026, 1, 1)
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")
EARLIEST = datetime(2026, 1, 3, tzinfo=UTC)
MOMENTS = st.integers(0, 690 * 1440).map(lambda minutes: EARLIEST + timedelta(minutes=minutes))


def read(*events: str, zone: str = "UTC", today: date = TODAY) -> list[Busy]:
    return read_calendar(calendar(*events), ZoneInfo(zone), today)


def timed(start: datetime, minutes: int) -> str:
    return event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}")


@given(start=MOMENTS, minutes=st.integers(120, 5000), zone=st.sampled_from(ZONES))
def test_what_is_covered_is_what_the_clock_on_the_wall_shows(start: datetime, minutes: int, zone: str) -> None:
    place = ZoneInfo(zone)
    ends = start + timedelta(minutes=minutes)
    first, last = (at.astimezone(place).replace(tzinfo=None) for at in (start, ends))
    found = read(timed(start, minutes), zone=zone)
    assert sum(busy.end - busy.start for busy in found) == (last - first) / timedelta(minutes=1)
    assert datetime.combine(found[0].date, time(0)) + timedelta(minutes=found[0].start) == first
    assert datetime.combine(found[-1].date, time(0)) + timedelta(minutes=found[-1].end) == last
    assert [busy.date for busy in found] == [found[0].date + timedelta(days=n) for n in range(len(found))]
    assert all(busy.all_day for busy in found[1:-1])


@given(start=MOMENTS, minutes=st.integers(1, 5000), zone=st.sampled_from(ZONES), closed=st.booleans())
def test_every_day_that_is_proposed_reads_back(start: datetime, minutes: int, zone: str, closed: bool) -> None:
    weekly = {day: tuple(read_spans("09:00-12:30, 13:15-17:00, 22:00-02:00")) for day in range(7)}
    for proposal in propose(read(timed(start, minutes), zone=zone), weekly, closed=closed):
        spans = read_spans(proposal.opens)
        assert len(spans) <= 8
        assert not proposal.yearly


@given(day=st.dates(date(2026, 1, 2), date(2027, 12, 1)), zone=st.sampled_from(ZONES), days=st.integers(1, 20))
def test_a_whole_day_has_no_zone(day: date, zone: str, days: int) -> None:
    until = day + timedelta(days=days)
    found = read(event(f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{until:%Y%m%d}"), zone=zone)
    assert [busy.date for busy in found] == [day + timedelta(days=number) for number in range(days)]
    assert all(busy.all_day for busy in found)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("DTSTART:20260329T013000Z", "DTEND:20260329T033000Z"), [(29, 210, 330)]),  # over the lost hour: 3:30 to 5:30
        (("DTSTART;TZID=Europe/Berlin:20260329T010000", "DURATION:PT4H"), [(29, 60, 300)]),
        (("DTSTART:20261025T000000Z", "DTEND:20261025T020000Z"), [(25, 120, 180)]),  # the hour that comes twice
        (("DTSTART:20260301T230000Z", "DTEND:20260302T230000Z"), [(2, 0, 1440)]),
    ],
)
def test_over_the_change_of_the_clocks(lines: tuple[str, ...], found: list[tuple[int, int, int]]) -> None:
    days = read(event(*lines), zone="Europe/Berlin")
    assert [(busy.date.day, busy.start, busy.end) for busy in days] == found


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:18991231",),
        ("DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260228"),
        ("DTSTART;VALUE=DATE:20260301", f"DURATION:P{LONGEST + 1}D"),
        ("DTSTART;VALUE=DATE:20260301", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20260301T100000Z", "RRULE:FREQ=HOURLY"),
        ("DTSTART:20260301T100000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2,3"),
        ("DTSTART:99991231T235900Z", "DURATION:P2D"),
        ("SUMMARY:no start at all",),
    ],
)
def test_an_event_that_can_not_be_meant_is_refused_in_words(lines: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        read(event(*lines))
    assert all(words.endswith(".") for words in caught.value.messages)


def test_the_longest_and_the_most_still_pass() -> None:
    assert len(read(event("DTSTART;VALUE=DATE:20260301", f"DURATION:P{LONGEST}D"))) == LONGEST
    day = "DTSTART;VALUE=DATE:20260301"
    assert len(read(*[event(day) for _ in range(EVENTS)])) == 1
    with pytest.raises(ValidationError):
        read(*[event(day) for _ in range(EVENTS + 1)])


def test_more_days_than_anybody_looks_through_are_refused() -> None:
    daily = [event("DTSTART;VALUE=DATE:20260301", "RRULE:FREQ=DAILY", name=f"Feast {number}") for number in range(2)]
    with pytest.raises(ValidationError, match=str(DAYS)):
        read(*daily)
