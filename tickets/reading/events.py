"""Events in a calendar file (RFC 5545), as far as somebody has to see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from icalendar import Calendar
from icalendar.cal import Component

MOST = 5
LONGEST = 1_000_000  # bytes of a file that is looked into
_LONGEST_WORDS = 200


@dataclass(frozen=True)
class Event:
    """`starts` and `ends` are dates of whole days, or times: aware, or of the place where it happens."""

    title: str
    place: str
    starts: date | datetime | None
    ends: date | datetime | None
    is_cancelled: bool


def events_of(data: bytes) -> tuple[Event, ...]:
    """The first few events of a calendar file; none if it can't be read. Never raises."""
    if len(data) > LONGEST or b"BEGIN:VEVENT" not in data.upper():
        return ()
    try:
        calendar = Calendar.from_ical(data)
        cancels = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        return tuple(_event(each, cancels=cancels) for each in calendar.walk("VEVENT")[:MOST])
    except Exception:
        # A stranger's file: the library raises whatever a broken line leads to. The file itself is shown anyhow.
        return ()


def _event(found: Component, *, cancels: bool) -> Event:
    return Event(
        title=_words(found, "SUMMARY"),
        place=_words(found, "LOCATION"),
        starts=_moment(found, "DTSTART"),
        ends=_moment(found, "DTEND"),
        is_cancelled=cancels or _words(found, "STATUS").upper() == "CANCELLED",
    )


def _words(found: Component, name: str) -> str:
    return " ".join(str(found.get(name, "")).split())[:_LONGEST_WORDS]


def _moment(found: Component, name: str) -> date | datetime | None:
    moment = getattr(found.get(name), "dt", None)
    return moment if isinstance(moment, date) else None
