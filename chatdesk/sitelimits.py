"""The admin's limits, remembered for a few seconds, so that no message waits for a query."""

from __future__ import annotations

import time

from chatdesk.models import SiteSettings

REMEMBERED_SECONDS = 5.0


class _Remembered:
    settings: SiteSettings | None = None
    until = 0.0


def site_settings() -> SiteSettings:
    """The site's settings as they were at most five seconds ago."""
    known = remembered()
    if known is None:
        known = _Remembered.settings = SiteSettings.load()
        _Remembered.until = time.monotonic() + REMEMBERED_SECONDS
    return known


def remembered() -> SiteSettings | None:
    """The same, if nobody has to ask the database."""
    return _Remembered.settings if time.monotonic() <= _Remembered.until else None


def forget() -> None:
    """Read the settings anew at the next use."""
    _Remembered.settings = None
