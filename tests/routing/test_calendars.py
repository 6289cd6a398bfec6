"""Calendar files: what is read of them, and what they can't do to us."""

from __future__ import annotations

import random
import time as clock
from contextlib import suppress
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from routing import calendars
from routing.calendars import BYTES, Busy, read_calendar
from routing.holidays import propose
from tests.routing.calendars import CHRISTMAS, EASTER, EVE, calendar, event

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 3, 2)
ALL_DAY = ",".join(map(str, range(24)))
OFFICE = {day: ((time(9), time(17)),) for day in range(5)}


def read(*events: str, today: date = TODAY) -> list[Busy]:
    return read_calendar(calendar(*events), BERLIN, today)


def dates(found: list[Busy]) -> list[str]:
    return [one.date.isoformat() for one in found]


def test_a_whole_day() -> None:
    (day,) = read(EASTER)
    assert (day.date, day.all_day, day.yearly, day.name) == (date(2026, 4, 6), True, False, "Easter Monday")


def test_each_day_of_several() -> None:
    assert dates(read(event("DTSTART;VALUE=DATE:20260801", "DTEND;VALUE=DATE:20260804"))) == [
        "2026-08-01",
        "2026-08-02",
        "2026-08-03",
    ]


def test_what_comes_each_year_is_one_yearly_day_even_if_it_began_long_ago() -> None:
    days = read(CHRISTMAS)
    assert [(day.date.month, day.date.day, day.yearly) for day in days] == [(12, 25, True), (12, 26, True)]
    (leap,) = read(event("DTSTART;VALUE=DATE:20200229", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"))
    assert leap.yearly


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY;COUNT=3", ["2027-01-06"]),
        ("FREQ=YEARLY;UNTIL=20270106", ["2027-01-06"]),
        ("FREQ=YEARLY;INTERVAL=2", ["2027-01-06"]),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=1MO", ["2027-01-04", "2028-01-03"]),
        ("FREQ=MONTHLY;UNTIL=20260601", ["2026-03-06", "2026-04-06", "2026-05-06"]),
    ],
)
def test_other_rules_are_followed_for_two_years(rule: str, found: list[str]) -> None:
    days = read(event("DTSTART;VALUE=DATE:20250106", f"RRULE:{rule}"))
    assert dates(days) == found
    assert not any(day.yearly for day in days)


def test_what_is_taken_out_of_a_rule_stays_out() -> None:
    one = event("DTSTART;VALUE=DATE:20260306", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20260313")
    assert dates(read(one)) == ["2026-03-06", "2026-03-20"]


def test_times_are_the_zones_own() -> None:
    (day,) = read(event("DTSTART:20260706T100000Z", "DTEND:20260706T113000Z"))
    assert (day.date, day.start, day.end) == (date(2026, 7, 6), 12 * 60, 13 * 60 + 30)
    (day,) = read(event("DTSTART;TZID=America/New_York:20260706T100000", "DURATION:PT2H"))
    assert (day.start, day.end) == (16 * 60, 18 * 60)


def test_past_midnight_it_is_two_days() -> None:
    days = read(event("DTSTART:20260706T220000", "DTEND:20260707T020000"))
    assert [(day.start, day.end) for day in days] == [(1320, 1440), (0, 120)]


def test_what_is_over_or_cancelled_is_left_out() -> None:
    past = event("DTSTART;VALUE=DATE:20260301")
    cancelled = event("DTSTART;VALUE=DATE:20260501", "STATUS:CANCELLED")
    assert read(past, cancelled, EASTER) == read(EASTER)


def test_two_calendars_in_one_file() -> None:
    assert len(read_calendar(calendar(EASTER) + calendar(EVE), BERLIN, TODAY)) == 2


# --- bad files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no event"),
        (b"\x00\xff\xfe", "no calendar file"),
        (b"PK\x03\x04 not a calendar", "no calendar file"),
        (calendar(), "no event"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no calendar file|no event"),
        (calendar(EASTER) + b" " * BYTES, "too large"),
        (calendar(event(name="No start")), "“No start” can't be read"),
        (calendar(event("DTSTART;VALUE=DATE:20260401", "RRULE:FREQ=HOURLY")), "every hour"),
        (calendar(event("DTSTART;VALUE=DATE:20260401", "RRULE:FREQ=DAILY;INTERVAL=0")), "can't be read"),
        (calendar(event("DTSTART;VALUE=DATE:20260401", f"RRULE:FREQ=DAILY;BYHOUR={ALL_DAY}")), "every hour"),
        (calendar(event("DTSTART;VALUE=DATE:20260401", f"RRULE:FREQ=DAILY;BYSECOND={ALL_DAY}")), "every hour"),
        (calendar(event("DTSTART;VALUE=DATE:20260401", "DTEND;VALUE=DATE:20260301")), "can't be read"),
        (calendar(event("DTSTART;VALUE=DATE:20260401", "DTEND;VALUE=DATE:20360301")), "can't be read"),
        (calendar(event("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY")), "can't be read"),
        (calendar(*[event(f"DTSTART;VALUE=DATE:2026040{n % 9 + 1}", name=str(n)) for n in range(1001)]), "1000 events"),
        (
            calendar(*[event("DTSTART;VALUE=DATE:20260401", "RRULE:FREQ=DAILY", name=str(n)) for n in range(2)]),
            "1000 days",
        ),
    ],
)
def test_a_bad_file_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read_calendar(data, BERLIN, TODAY)


def test_rules_that_no_day_fits_are_not_followed_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "PATIENCE", 0.0)
    never = "RRULE:FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(ValidationError, match="can't be read"):
        read(*[event("DTSTART;VALUE=DATE:20260401", never, name=str(n)) for n in (0, 1)])


def test_whatever_the_bytes_it_ends_soon_with_days_or_words() -> None:
    dice, whole = random.Random(1), calendar(CHRISTMAS, EASTER, EVE)
    begun = clock.monotonic()
    for _ in range(150):
        bent = bytearray(whole)
        for _ in range(dice.randrange(1, 12)):
            bent[dice.randrange(len(bent))] = dice.randrange(256)
        with suppress(ValidationError):
            read_calendar(bytes(bent), BERLIN, TODAY)
    assert clock.monotonic() - begun < 20


# --- what they make of the hours -------------------------------------------------------------------------------------


def opens(*events: str, closed: bool = True) -> list[tuple[str, str]]:
    return [(day.date.isoformat(), day.opens) for day in propose(read(*events), OFFICE, closed=closed)]


def test_a_whole_day_closes() -> None:
    assert opens(EASTER) == [("2026-04-06", "")]
    assert opens(EASTER, closed=False) == [("2026-04-06", "")]


def test_an_event_with_times_takes_them_from_the_usual_hours() -> None:
    assert opens(EVE) == [("2026-12-24", "09:00-12:00")]
    lunch = event("DTSTART:20260707T120000", "DTEND:20260707T130000")
    early = event("DTSTART:20260707T080000", "DTEND:20260707T100000", name="Fire drill")
    assert opens(lunch, early) == [("2026-07-07", "10:00-12:00, 13:00-17:00")]
    assert opens(event("DTSTART:20260707T080000", "DTEND:20260707T200000")) == [("2026-07-07", "")]


def test_or_says_when_it_is_open() -> None:
    sunday = event("DTSTART:20261220T100000", "DTEND:20261220T140000", name="Open Sunday")
    more = event("DTSTART:20261220T140000", "DTEND:20261220T150000", name="Longer")
    assert opens(sunday, more, closed=False) == [("2026-12-20", "10:00-15:00")]
    assert opens(sunday) == [("2026-12-20", "")]


def test_names_of_one_day_stand_together() -> None:
    (day,) = propose(read(EASTER, event("DTSTART;VALUE=DATE:20260406", name="Inventory")), OFFICE, closed=True)
    assert day.name == "Easter Monday, Inventory"


def test_a_yearly_event_with_times_closes_that_day() -> None:
    yearly = event("DTSTART:20251231T120000", "DTEND:20251231T180000", "RRULE:FREQ=YEARLY", name="New Year's Eve")
    (day,) = propose(read(yearly), OFFICE, closed=True)
    assert (day.yearly, day.opens) == (True, "")
    (day,) = propose(read(yearly), OFFICE, closed=False)
    assert day.opens == "12:00-18:00"


def test_the_zone_of_the_machine_does_not_matter() -> None:
    assert read_calendar(calendar(EASTER), ZoneInfo("Pacific/Auckland"), TODAY) == read(EASTER)
