from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@cache
def zone_names() -> frozenset[str]:
    """The names of the IANA time zone database that mean a place, or UTC."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def validate_zone(name: str) -> None:
    if name not in zone_names():
        raise ValidationError(_("There is no time zone of that name. Examples: Europe/Berlin, America/New_York, UTC."))


def zone_of(name: str) -> ZoneInfo:
    """Raises ZoneInfoNotFoundError for a name that this machine's database does not have."""
    return ZoneInfo(name)
