"""What a visitor reads while nobody answers: when the desk opens, and the admin's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from chatdesk.protocol import ButtonState


@dataclass(frozen=True)
class ClosedCard:
    """`opens` is said in the desk's time for pages without script; the script says it in the visitor's."""

    opens: str
    opens_at: datetime | None
    text: str


def closed_card(state: ButtonState) -> ClosedCard:
    return ClosedCard(opening_words(state.opens_at), state.opens_at, state.closed_text)


def opening_words(opens_at: datetime | None) -> str:
    """“We open Monday, 09:00 (CET).”, in the zone of the desk; nothing if nobody knows."""
    if opens_at is None:
        return ""
    when = localtime(opens_at)
    day = f"{date_format(when, 'l')}, {date_format(when, 'MONTH_DAY_FORMAT')}"
    facts = {"day": day, "time": date_format(when, "TIME_FORMAT"), "zone": when.tzname()}
    return _("We open %(day)s, at %(time)s (%(zone)s).") % facts
