from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.audit_words import ACTIONS

DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]  # outside, calendars run out


class AuditSearchForm(forms.Form):
    """What is looked for in the audit log. Everything may be empty."""

    person = forms.CharField(label=_("Person"), max_length=254, required=False)
    action = forms.ChoiceField(
        label=_("Action"), choices=[("", _("all")), *sorted(ACTIONS.items())], required=False, initial=""
    )
    object = forms.CharField(label=_("Object"), max_length=254, required=False)
    address = forms.CharField(label=_("Address"), max_length=45, required=False)
    since = forms.DateField(
        label=_("From"), required=False, validators=DAYS, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, validators=DAYS, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
