"""An invitation in a mail, in words: an answer to it can't go past the desk, so it is a message to read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tickets.reading.events import Event, events_of
from tickets.reading.message import FilePart

_TIMED = "Y-m-d H:i"


def told_events(files: Iterable[FilePart]) -> str:
    """What the calendar files of a mail announce, a paragraph each, in the language that is active; '' for nothing."""
    events = [event for part in files if part.media_type == "text/calendar" for event in events_of(part.data)]
    return "\n\n".join(dict.fromkeys(map(_told, events)))


def _told(event: Event) -> str:
    title = event.title or _("(no title)")
    lines = [
        (_("Event cancelled: %(title)s") if event.is_cancelled else _("Event: %(title)s")) % {"title": title},
        _("When: %(when)s") % {"when": _when(event)} if event.starts else "",
        _("Where: %(place)s") % {"place": event.place} if event.place else "",
    ]
    return "\n".join(line for line in lines if line)


def _when(event: Event) -> str:
    ends = _moment(event.ends) if event.ends and isinstance(event.ends, datetime) else ""
    return f"{_moment(event.starts)} – {ends}" if ends else _moment(event.starts)


def _moment(moment: date | datetime | None) -> str:
    if not isinstance(moment, datetime):
        return date_format(moment, "Y-m-d") if moment else ""
    if moment.tzinfo is None:
        return date_format(moment, _TIMED)
    return f"{date_format(moment.astimezone(UTC), _TIMED)} UTC"
