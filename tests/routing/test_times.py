from __future__ import annotations

import random
from datetime import time

import pytest
from django.core.exceptions import ValidationError

from routing.times import MOST, length, overlapping, read_spans, write_spans

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("09:00-17:00", "09:00-17:00"),
        ("9-17", "09:00-17:00"),
        ("13:00-17:00, 9:00-12:00", "09:00-12:00, 13:00-17:00"),
        ("9.30–12.15; 13-14", "09:30-12:15, 13:00-14:00"),
        ("22:00-02:00", "22:00-02:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("18:00-0:00", "18:00-24:00"),
        ("8-12, 12-13", "08:00-12:00, 12:00-13:00"),
        ("  ", ""),
        (",", ""),
    ],
)
def test_it_reads_what_people_write(text: str, written: str) -> None:
    assert write_spans(read_spans(text)) == written
    assert read_spans(written) == read_spans(text)


@pytest.mark.parametrize("text", ["nine to five", "09:00", "25:00-26:00", "09:60-10:00", "24:00-02:00", "9-17 o'clock"])
def test_what_is_no_interval_is_named(text: str) -> None:
    with pytest.raises(ValidationError, match="is no interval"):
        read_spans(text)


@pytest.mark.parametrize("text", ["9-12, 11-14", "9-17, 9-17", "22-02, 23-24", "0-24, 5-6"])
def test_intervals_of_a_day_do_not_overlap(text: str) -> None:
    with pytest.raises(ValidationError, match="overlap"):
        read_spans(text)


def test_not_more_than_a_page_can_show() -> None:
    many = ", ".join(f"{hour}:00-{hour}:30" for hour in range(MOST + 1))
    with pytest.raises(ValidationError, match="At most"):
        read_spans(many)


def test_whatever_was_read_is_written_so_that_it_reads_the_same() -> None:
    dice = random.Random(1)
    for _ in range(2000):
        spans = sorted(
            (time(dice.randrange(24), dice.randrange(60)), time(dice.randrange(24), dice.randrange(60)))
            for _ in range(dice.randrange(4))
        )
        if not overlapping(spans):
            assert read_spans(write_spans(spans)) == spans


def test_how_long() -> None:
    assert [length(time(9), time(17)), length(time(22), time(2)), length(time(0), time(0))] == [480, 240, 1440]
