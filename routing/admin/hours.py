from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from routing.actions.settings import reconsider
from routing.admin.calendar import import_view
from routing.admin.week import DAYS, HoursForm
from routing.coming import coming_days
from routing.models import Hours, Interval, SpecialDay
from routing.opening import weeks
from routing.times import write_spans
from routing.weektext import standing, week_text


class SpecialDayForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SpecialDay
        fields = ("date", "yearly", "name", "opens")

    def clean_opens(self) -> str:
        from_text = SpecialDay(opens=self.cleaned_data["opens"])
        return write_spans(from_text.spans)


class SpecialDayInline(admin.StackedInline):  # type: ignore[type-arg]
    model = SpecialDay
    form = SpecialDayForm
    extra = 0
    fields = (("date", "yearly"), ("name", "opens"))


@admin.register(Hours)
class HoursAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = HoursForm
    change_form_template = "admin/routing/hours/change_form.html"
    list_display = ("name", "zone", "week", "now", "used_by")
    search_fields = ("name",)
    readonly_fields = ("now", "coming", "used_by")
    inlines = (SpecialDayInline,)
    fieldsets = (
        (None, {"fields": ("name", "zone", "now", "used_by")}),
        (
            _("The week"),
            {
                "fields": DAYS,
                "description": _(
                    "Such as 09:00-17:00, or 09:00-12:00, 13:00-17:00. Empty: closed. An end that is not after its "
                    "start is of the next day: 22:00-02:00. 00:00-24:00 is all day."
                ),
            },
        ),
        (_("Coming special days"), {"fields": ("coming",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hours]:
        hours: QuerySet[Hours] = super().get_queryset(request)
        return hours.prefetch_related("groups", Prefetch("intervals", Interval.objects.order_by("weekday", "start")))

    def get_fieldsets(self, request: HttpRequest, obj: Hours | None = None) -> Any:
        if obj is not None:
            return self.fieldsets
        return ((None, {"fields": ("name", "zone")}), self.fieldsets[1])

    def get_urls(self) -> list[URLPattern]:
        to_import = self.admin_site.admin_view(self.import_calendar)
        return [path("<int:pk>/import/", to_import, name="routing_hours_import"), *super().get_urls()]

    def import_calendar(self, request: HttpRequest, pk: int) -> Any:
        return import_view(self, request, pk)

    @admin.display(description=_("week"))
    def week(self, hours: Hours) -> str:
        return week_text(hours.weekly())

    @admin.display(description=_("just now"))
    def now(self, hours: Hours) -> str:
        moment = timezone.now()
        return standing(weeks([hours.pk], moment)[hours.pk], moment)

    @admin.display(description=_("used by"))
    def used_by(self, hours: Hours) -> str:
        return ", ".join(str(group) for group in hours.groups.all()) or gettext("no group yet")

    @admin.display(description=_("the next"))
    def coming(self, hours: Hours) -> str:
        return "\n".join(coming_days(hours, timezone.now())) or gettext("none")

    def save_related(self, request: HttpRequest, form: forms.ModelForm[Hours], formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        reconsider(list(form.instance.groups.values_list("pk", flat=True)))
