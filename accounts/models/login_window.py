from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.clocks import Weekday
from accounts.models.user_type import UserType


class LoginWindow(models.Model):
    """When people of a type may be signed in: from `start` on a weekday up to, and without, `end`, in the type's zone.

    An end that is not after the start is on the next day; so 00:00 to 00:00 is the whole day.
    """

    user_type = models.ForeignKey(UserType, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("log-in window")
        verbose_name_plural = _("log-in windows")
        ordering = ["weekday", "start"]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.start:%H:%M}-{self.end:%H:%M}"
