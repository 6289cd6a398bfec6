from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

Code = Literal["ok", "inactive", "no_type", "hours", "address", "second_factor", "idle", "expired"]

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to "may they be signed in?", with the why.

    `until` is the end of the present log-in window (None: never), `ends_at` that of the grace after it; `opens_at` is
    when a person outside the log-in hours can sign in again (None: not known). All times are aware.
    """

    allowed: bool
    code: Code
    until: datetime | None = None
    ends_at: datetime | None = None
    opens_at: datetime | None = None
    zone: ZoneInfo = UTC

    @property
    def reason(self) -> str:
        """A sentence for people, in the language of the moment."""
        return _WORDS[self.code]()

    def opens_again(self, now: datetime) -> str:
        """When they can sign in again, as "on Monday at 08:00"; empty when nobody can say."""
        return "" if self.opens_at is None else at(self.opens_at.astimezone(self.zone), now.astimezone(self.zone))


def told(decision: Decision, now: datetime | None = None) -> str:
    """The reason, and when they can sign in again if that is known."""
    opens = decision.opens_again(now or timezone.now())
    if not opens:
        return decision.reason
    return decision.reason + " " + _("You can sign in again %(when)s.") % {"when": opens}


def at(moment: datetime, now: datetime) -> str:
    """A moment of the coming days as people say it; both on the same clocks."""
    facts = {"time": f"{moment:%H:%M}", "day": date_format(moment, "l"), "date": date_format(moment, "DATE_FORMAT")}
    days = (moment.date() - now.date()).days
    if days == 0:
        return _("today at %(time)s") % facts
    if days == 1:
        return _("tomorrow at %(time)s") % facts
    return (_("on %(day)s at %(time)s") if 1 < days < 7 else _("on %(date)s at %(time)s")) % facts


_WORDS = {
    "ok": lambda: _("Nothing stands in the way."),
    "no_type": lambda: _("Without a user type the own profile opens, and nothing else."),
    "inactive": lambda: _("This account is switched off."),
    "address": lambda: _("Your user type may not be signed in from where you are."),
    "hours": lambda: _("This is outside your log-in hours."),
    "second_factor": lambda: _("Your user type needs a second factor. Sign in anew: you are led through it."),
    "idle": lambda: _("You were signed out, because nothing was done here for a while."),
    "expired": lambda: _("You were signed out, because a session lasts only so long."),
}
