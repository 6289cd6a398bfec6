from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.passwords import password_field


def _field(label: Any, longest: int, **attributes: object) -> forms.CharField:
    plain = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
    return forms.CharField(label=label, max_length=longest, widget=forms.TextInput(attrs={**plain, **attributes}))


class AppCodeForm(forms.Form):
    code = _field(_("Code of six digits"), 16, inputmode="numeric")


class SecondStepForm(forms.Form):
    code = _field(_("Code"), 40)


class ConfirmForm(forms.Form):
    password = password_field(_("Password"), "current-password")
