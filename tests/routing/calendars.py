"""Calendar files for the tests, as other programs write them."""

from __future__ import annotations

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
FOOT = "END:VCALENDAR\r\n"


def event(*lines: str, name: str = "Holiday") -> str:
    body = [f"SUMMARY:{name}", *lines, f"UID:{abs(hash((name, *lines)))}", "DTSTAMP:20260101T000000Z"]
    return "BEGIN:VEVENT\r\n" + "".join(f"{line}\r\n" for line in body) + "END:VEVENT\r\n"


def calendar(*events: str) -> bytes:
    return (HEAD + "".join(events) + FOOT).encode()


CHRISTMAS = event("DTSTART;VALUE=DATE:20251225", "DTEND;VALUE=DATE:20251227", "RRULE:FREQ=YEARLY", name="Christmas")
EASTER = event("DTSTART;VALUE=DATE:20260406", name="Easter Monday")
EVE = event("DTSTART:20261224T120000", "DTEND:20261225T000000", name="Christmas Eve")
