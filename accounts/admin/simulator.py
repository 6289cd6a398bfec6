"""The page that answers: what may this person do from this address at this time, and why?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import client_address, parse
from accounts.models import User
from accounts.simulation import simulate

YEARS = [MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC)), MaxValueValidator(datetime(2999, 12, 31, tzinfo=UTC))]


class QuestionForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.select_related("user_type").prefetch_related("user_type__windows"), label=gettext_lazy("Person")
    )
    address = forms.CharField(label=gettext_lazy("From the address"), max_length=64)
    at = forms.DateTimeField(
        label=gettext_lazy("At the time"),
        validators=YEARS,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def clean_address(self) -> str:
        known = parse(self.cleaned_data["address"])
        if known is None:
            raise ValidationError(_("Write an IPv4 or IPv6 address, such as 192.0.2.7."))
        return str(known)


class AsksForPeople(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adds the page to those of people."""

    def get_urls(self) -> list[Any]:
        own = path("ask/", self.admin_site.admin_view(self.ask), name="accounts_user_ask")
        return [own, *super().get_urls()]

    def ask(self, request: HttpRequest) -> TemplateResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        start = {"address": client_address(request), "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
        asked = request.GET.dict()
        form = QuestionForm({**start, **asked}) if asked else QuestionForm(initial=start)
        facts = {
            **self.admin_site.each_context(request),
            "title": _("What may this person do?"),
            "form": form,
            "found": simulate(**form.cleaned_data) if asked and form.is_valid() else None,
            "opts": self.model._meta,
            "zone": timezone.get_current_timezone_name(),
        }
        return TemplateResponse(request, "admin/accounts/ask.html", facts)
