"""Importing a calendar: a file, a look at what it would add, and then it is added."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from routing.actions.importing import add_days
from routing.calendars import BYTES, read_calendar
from routing.holidays import Proposal, propose
from routing.models import Hours

if TYPE_CHECKING:
    from routing.admin.hours import HoursAdmin

SALT = "routing.calendar"
MAX_AGE = 3600  # seconds between the look and the decision
CLOSED, OPEN = "closed", "open"


class CalendarForm(forms.Form):
    file = forms.FileField(
        label=_("calendar file"), help_text=_("iCalendar (.ics), at most %(n)s KB.") % {"n": BYTES // 1024}
    )
    timed = forms.ChoiceField(
        label=_("events with times mean"),
        choices=((CLOSED, _("closed in that time")), (OPEN, _("open in that time, and closed else"))),
        initial=CLOSED,
        widget=forms.RadioSelect,
        help_text=_("Events of whole days always close the day."),
    )

    def __init__(self, hours: Hours, *args: Any) -> None:
        super().__init__(*args)
        self.hours = hours

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "file" in cleaned and "timed" in cleaned:
            zone = ZoneInfo(self.hours.zone)
            try:
                days = read_calendar(cleaned["file"].read(BYTES + 1), zone, timezone.now().astimezone(zone).date())
            except ValidationError as error:
                self.add_error("file", error)
            else:
                cleaned["proposals"] = propose(days, self.hours.weekly(), closed=cleaned["timed"] == CLOSED)
        return cleaned


def import_view(page: HoursAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    hours = get_object_or_404(Hours, pk=pk)
    if not page.has_change_permission(request, hours):
        raise PermissionDenied
    if request.method == "POST" and "confirmed" in request.POST:
        return _add(page, request, hours)
    form = CalendarForm(hours, request.POST or None, request.FILES or None)
    proposals = form.cleaned_data["proposals"] if form.is_bound and form.is_valid() else None
    return TemplateResponse(request, "admin/routing/hours/import.html", _context(page, request, form, proposals))


def _context(
    page: HoursAdmin, request: HttpRequest, form: CalendarForm, proposals: list[Proposal] | None
) -> dict[str, Any]:
    there = set(form.hours.special_days.values_list("date", "yearly"))
    shown = [(day, (day.date, day.yearly) in there) for day in proposals or []]
    return {
        **page.admin_site.each_context(request),
        "title": gettext("Import a calendar"),
        "opts": page.model._meta,
        "hours": form.hours,
        "form": form,
        "shown": shown if proposals is not None else None,
        "new": len([day for day, known in shown if not known]),
        "confirmed": signing.dumps([_plain(day) for day in proposals or []], salt=SALT, compress=True),
    }


def _plain(day: Proposal) -> dict[str, Any]:
    return {**asdict(day), "date": day.date.isoformat()}


def _add(page: HoursAdmin, request: HttpRequest, hours: Hours) -> HttpResponse:
    try:
        rows = signing.loads(request.POST["confirmed"], salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        messages.error(request, gettext("This look at the calendar is too old: choose the file again."))
        return redirect("admin:routing_hours_import", hours.pk)
    with transaction.atomic():
        added = add_days(hours, [Proposal(**{**row, "date": date.fromisoformat(row["date"])}) for row in rows])
        words = ngettext("%(n)s special day added.", "%(n)s special days added.", added) % {"n": added}
        page.log_change(request, hours, words)
    messages.success(request, words)
    return redirect("admin:routing_hours_change", hours.pk)
