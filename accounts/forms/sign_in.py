from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from accounts.forms.passwords import password_field


class SignInForm(AuthenticationForm):
    username = UsernameField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = password_field(_("Password"), "current-password")
    error_messages = {
        "invalid_login": _("This e-mail and password do not fit together. Please check both; capital letters count."),
        "inactive": _("This e-mail and password do not fit together. Please check both; capital letters count."),
    }
