"""Intervals of a day as people write them: `09:00-12:00, 13:00-17:00`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Span = tuple[time, time]

MOST = 8  # intervals of one day
WRITTEN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|\u2013|\u2014)\s*(\d{1,2})(?:[:.](\d{2}))?")
MIDNIGHT = 24 * 60


def read_spans(text: str) -> list[Span]:
    """The intervals of a text, in order. An end that is not after its start is of the next day; 24:00 is midnight.

    Hours may stand without minutes. Raises ValidationError for what is no time, overlaps, or is too much.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if len(parts) > MOST:
        raise ValidationError(_("At most %(n)s intervals a day.") % {"n": MOST})
    spans = sorted(_span(part) for part in parts)
    if overlapping(spans):
        raise ValidationError(_("These intervals overlap: %(text)s") % {"text": text.strip()})
    return spans


def write_spans(spans: Iterable[Span]) -> str:
    return ", ".join(f"{start:%H:%M}-{_ending(end)}" for start, end in spans)


def overlapping(spans: Sequence[Span]) -> bool:
    """Whether any two of one day's intervals, sorted, share a minute."""
    ends = [_minutes(start) + length(start, end) for start, end in spans]
    return any(_minutes(later[0]) < end for later, end in zip(spans[1:], ends, strict=False))


def length(start: time, end: time) -> int:
    """Minutes on the wall clock, 1 to 1440: an end that is not after the start is of the next day."""
    return (_minutes(end) - _minutes(start) - 1) % MIDNIGHT + 1


def validate_opens(text: str) -> None:
    read_spans(text)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _ending(end: time) -> str:
    return f"{end:%H:%M}" if _minutes(end) else "24:00"


def _span(part: str) -> Span:
    found = WRITTEN.fullmatch(part)
    if found is None:
        raise _unreadable(part)
    hour, minute, last_hour, last_minute = (int(digits or 0) for digits in found.groups())
    try:
        end = time(0) if (last_hour, last_minute) == (24, 0) else time(last_hour, last_minute)
        return time(hour, minute), end
    except ValueError as error:
        raise _unreadable(part) from error


def _unreadable(part: str) -> ValidationError:
    return ValidationError(_("“%(text)s” is no interval: write it like 09:00-17:00.") % {"text": part[:40]})
