"""Which zones there are, and a local time's place on the line of real time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from accounts.clocks import span_on, validate_zone, zone_names

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"])
def test_zones_are_places(name: str) -> None:
    validate_zone(name)


@pytest.mark.parametrize("name", ["Berlin", "CET", "Europe/Nowhere", "../etc/passwd", ""])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ValidationError, match="There is no time zone of that name"):
        validate_zone(name)


def test_the_zone_of_the_office_is_one_whatever_it_is_called(settings: Settings) -> None:
    settings.TIME_ZONE = "Japan"
    validate_zone("Japan")
    settings.TIME_ZONE = "UTC"
    assert "Japan" not in zone_names()


def utc(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), UTC)


@pytest.mark.parametrize(
    ("day", "start", "end", "opens", "closes"),
    [
        (SPRING, "02:15", "02:45", "01:15", "01:45"),  # the clock skips both: as much later as it jumps
        (SPRING, "01:30", "02:30", "00:30", "01:30"),
        (AUTUMN, "02:00", "02:30", "00:00", "01:30"),  # each comes twice: the first start, the last end
        (AUTUMN, "02:30", "02:30", "00:30", None),  # to the next day
    ],
)
def test_nights_in_which_clocks_change(day: date, start: str, end: str, opens: str, closes: str | None) -> None:
    expected = utc(day, opens), utc(day, closes) if closes else utc(date(2026, 10, 26), "01:30")
    assert span_on(day, time.fromisoformat(start), time.fromisoformat(end), BERLIN) == expected


def test_what_the_clock_skips_is_no_span() -> None:
    assert span_on(SPRING, time(2), time(3), BERLIN) is None
    assert span_on(SPRING, time(2, 30), time(3), BERLIN) is None
    assert span_on(SPRING, time(2), time(3, 1), BERLIN) == (utc(SPRING, "01:00"), utc(SPRING, "01:01"))
