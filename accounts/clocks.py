"""The clocks of a place: which places there are, the days of a week, and local times laid on the line of real time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Span = tuple[datetime, datetime]


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def own_zone() -> str:
    """The name of the office's zone."""
    return str(settings.TIME_ZONE)


def zone_names() -> frozenset[str]:
    """The names of the IANA time zone database that mean a place, UTC, and what the office calls its own zone."""
    return _places() | {own_zone()}


def validate_zone(name: str) -> None:
    if name not in zone_names():
        words = gettext("There is no time zone of that name. Examples: Europe/Berlin, America/New_York, UTC.")
        raise ValidationError(words, code="zone")


def zone_field(help_text: _StrPromise) -> models.CharField[str, str]:
    return models.CharField(
        _("time zone"), max_length=64, default=own_zone, validators=[validate_zone], help_text=help_text
    )


def span_on(day: date, start: time, end: time, zone: ZoneInfo) -> Span | None:
    """From the first moment at which clocks there show `start` on that day up to the last at which they show `end`.

    An end that is not after the start is of the next day. A time that the clocks skip is as much later as they jump;
    None if the end is then not after the start. In UTC, as Python compares two times of one zone by their faces alone
    (PEP 495), which is wrong in the nights when clocks change.
    """
    last = day if end > start else day + timedelta(days=1)
    closing = datetime.combine(last, end, zone)
    opens, closes = _moment(datetime.combine(day, start, zone), 0), max(_moment(closing, 0), _moment(closing, 1))
    return (opens, closes) if opens < closes else None


def _moment(local: datetime, fold: int) -> datetime:
    return local.replace(fold=fold).astimezone(UTC)


@cache
def _places() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")
