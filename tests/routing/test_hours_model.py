"""A hundred thousand moments of random weeks, around the nights when clocks change, against the slow way."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from routing.hours import Week, closes_at, is_open, next_opening
from routing.times import Span, overlapping
from tests.routing.slow_hours import SlowWeek

pytestmark = pytest.mark.once

WEEKS, MOMENTS, DAYS = 250, 400, 12
SEEDS = (1, 2)
WINDOWS = [
    ("Europe/Berlin", datetime(2026, 3, 23)),  # noqa: DTZ001 - the slow way gives it its zone
    ("Europe/Berlin", datetime(2026, 10, 19)),  # noqa: DTZ001
    ("America/New_York", datetime(2026, 3, 2)),  # noqa: DTZ001
    ("America/New_York", datetime(2026, 10, 26)),  # noqa: DTZ001
    ("Australia/Lord_Howe", datetime(2026, 3, 30)),  # noqa: DTZ001 - by half an hour
    ("America/Havana", datetime(2026, 10, 26)),  # noqa: DTZ001 - at midnight
    ("Asia/Beirut", datetime(2026, 3, 23)),  # noqa: DTZ001 - from midnight on
    ("Asia/Kolkata", datetime(2026, 2, 23)),  # noqa: DTZ001 - never
]
EDGES = [0, 0, 60, 119, 120, 121, 150, 179, 180, 181, 540, 720, 1020, 1380, 1439]


def some_time(dice: random.Random) -> time:
    return time(*divmod(dice.choice([*EDGES, dice.randrange(1440), dice.randrange(1440)]), 60))


def some_spans(dice: random.Random) -> tuple[Span, ...]:
    spans: list[Span] = []
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        more = sorted([*spans, (some_time(dice), some_time(dice))])
        if not overlapping(more):
            spans = more
    return tuple(spans)


def some_week(dice: random.Random, zone: str, first: datetime) -> Week:
    days = [first.date() + timedelta(days=number) for number in range(DAYS)]
    return Week(
        ZoneInfo(zone),
        weekly={day: some_spans(dice) for day in range(7) if dice.random() < 0.8},
        yearly={(day.month, day.day): some_spans(dice) for day in dice.sample(days, dice.choice([0, 0, 1]))},
        once={day: some_spans(dice) for day in dice.sample(days, dice.choice([0, 0, 1, 2]))},
    )


def agree(week: Week, slow: SlowWeek, minute: int, seconds: int) -> None:
    now = slow.at(minute) + timedelta(seconds=seconds)
    change = slow.changes(minute)
    moment = slow.at(change) if change is not None and change < (DAYS - 2) * 1440 else None
    assert is_open(week, now) is slow.is_open(minute), (week, now)
    if moment and slow.is_open(minute):
        assert closes_at(week, now) == moment, (week, now)
    elif moment:
        assert next_opening(week, now) == moment, (week, now)


@pytest.mark.parametrize("seed", SEEDS)
def test_as_the_clock_on_the_wall_says(seed: int) -> None:
    dice = random.Random(seed)
    for number in range(WEEKS // len(SEEDS)):
        zone, first = WINDOWS[number % len(WINDOWS)]
        week = some_week(dice, zone, first)
        slow = SlowWeek(week, first.replace(tzinfo=UTC), DAYS)
        for _ in range(MOMENTS):
            agree(week, slow, dice.randrange(2 * 1440, (DAYS - 2) * 1440), dice.randrange(60))


def test_the_windows_hold_the_nights_they_are_meant_for() -> None:
    """An hour or half of one is skipped or comes twice within the minutes that are tried; Kolkata keeps its clock."""
    for zone, first in WINDOWS:
        place = ZoneInfo(zone)
        offsets = {(first + timedelta(days=day)).replace(tzinfo=UTC).astimezone(place).utcoffset() for day in (2, 10)}
        assert len(offsets) == (1 if zone == "Asia/Kolkata" else 2), zone


def test_both_answers_are_common() -> None:
    """A judge who always hears the same learns nothing."""
    dice = random.Random(3)
    slow = [SlowWeek(some_week(dice, zone, first), first.replace(tzinfo=UTC), DAYS) for zone, first in WINDOWS * 3]
    shares = [sum(one.open) / len(one.open) for one in slow]
    assert 0.2 < sum(shares) / len(shares) < 0.8
