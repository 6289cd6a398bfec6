from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clocks import Weekday, zone_field
from routing.times import Span, read_spans, validate_opens


class Hours(models.Model):
    """When groups that use it are open. Asked anew each time; never written into anybody's status."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For the desk only."))
    zone = zone_field(_("Where these hours are local time, such as Europe/Berlin. Summer time is followed by itself."))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def weekly(self) -> dict[int, tuple[Span, ...]]:
        """The intervals of each day that has any."""
        found: dict[int, tuple[Span, ...]] = {}
        for row in self.intervals.all():  # ordered by the model, and perhaps fetched already
            found[row.weekday] = (*found.get(row.weekday, ()), (row.start, row.end))
        return found


class Interval(models.Model):
    """Open from `start` until `end`; until `end` of the next day, if that is not later than `start`."""

    hours = models.ForeignKey(
        Hours, verbose_name=_("opening hours"), on_delete=models.CASCADE, related_name="intervals"
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("interval")
        verbose_name_plural = _("intervals")
        ordering = ["weekday", "start"]
        constraints = [models.UniqueConstraint(fields=["hours", "weekday", "start"], name="one_start_a_day")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M}-{self.end:%H:%M}"


class SpecialDay(models.Model):
    """A day whose hours are other than its weekday's: `opens`, or closed when that is empty."""

    hours = models.ForeignKey(
        Hours, verbose_name=_("opening hours"), on_delete=models.CASCADE, related_name="special_days"
    )
    date = models.DateField(_("date"))
    yearly = models.BooleanField(
        _("every year"), default=False, help_text=_("29 February comes only in the years that have it.")
    )
    name = models.CharField(_("name"), max_length=80, blank=True, help_text=_("Such as New Year."))
    opens = models.CharField(
        _("open"),
        max_length=120,
        blank=True,
        validators=[validate_opens],
        help_text=_("Such as 09:00-12:00, 13:00-15:00. Empty: closed all day."),
    )

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["hours", "date", "yearly"], name="one_special_day")]
        indexes = [models.Index(fields=["hours", "date"], name="special_once", condition=Q(yearly=False))]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()

    @property
    def spans(self) -> list[Span]:
        """When it is open. Raises ValidationError for what is no list of intervals."""
        return read_spans(self.opens)
