"""Calendar files: what happens, when and where; and never an error, whatever is in them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.actions.events import told_events
from tickets.reading.events import LONGEST, MOST, Event, events_of
from tickets.reading.message import FilePart


def calendar(*lines: str, head: str = "VERSION:2.0", count: int = 1) -> bytes:
    event = "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))
    return "\r\n".join(("BEGIN:VCALENDAR", head, *[event] * count, "END:VCALENDAR", "")).encode()


def told(data: bytes) -> str:
    return told_events([FilePart(0, "a.ics", "text/calendar", data, "", False)])


def test_an_event_with_times_and_place() -> None:
    data = calendar(
        "SUMMARY:Fit\r\n ting", "LOCATION:Shop\\, 2nd floor", "DTSTART:20261124T090000Z", "DTEND:20261124T100000Z"
    )
    assert events_of(data) == (
        Event(
            "Fitting",
            "Shop, 2nd floor",
            datetime(2026, 11, 24, 9, tzinfo=UTC),
            datetime(2026, 11, 24, 10, tzinfo=UTC),
            False,
        ),
    )
    assert told(data) == "Event: Fitting\nWhen: 2026-11-24 09:00 UTC – 2026-11-24 10:00 UTC\nWhere: Shop, 2nd floor"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DTSTART;VALUE=DATE:20261124", "When: 2026-11-24"),
        ("DTSTART:20261124T090000", "When: 2026-11-24 09:00"),
        ("DTSTART;TZID=Europe/Berlin:20261124T090000", "When: 2026-11-24 08:00 UTC"),
        ("STATUS:CONFIRMED", "Event: x"),
    ],
)
def test_when_it_is(line: str, expected: str) -> None:
    assert told(calendar("SUMMARY:x", line)).endswith(expected)


def test_days_are_days() -> None:
    assert events_of(calendar("DTSTART;VALUE=DATE:20261124"))[0].starts == date(2026, 11, 24)


def test_cancelled_events_say_so() -> None:
    for data in (calendar("STATUS:CANCELLED", "SUMMARY:x"), calendar("SUMMARY:x", head="METHOD:CANCEL")):
        assert told(data) == "Event cancelled: x"


def test_the_same_event_is_told_once_and_without_a_title_too() -> None:
    assert told(calendar("UID:1", count=3)) == "Event: (no title)"


def test_of_many_events_the_first_few() -> None:
    assert len(events_of(calendar("SUMMARY:x", count=50))) == MOST


def test_other_files_and_large_ones_tell_nothing() -> None:
    data = calendar("SUMMARY:x")
    assert told_events([FilePart(0, "a.txt", "text/plain", data, "", False)]) == ""
    assert events_of(data + b" " * LONGEST) == ()


@given(data=st.binary(max_size=200), place=st.integers(0, 100))
@settings(max_examples=150, deadline=None)
def test_a_broken_file_is_no_event(data: bytes, place: int) -> None:
    whole = calendar("SUMMARY:x", "DTSTART:20261124T090000Z")
    assert len(events_of(whole[:place] + data + whole[place:])) <= 2
