from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from accounts.addresses import client_address
from accounts.audit import record
from accounts.decision import told
from accounts.forms.passwords import password_field
from accounts.gate import decide
from accounts.models import Directory, User


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Directory.objects.filter(is_active=True).exists():
            self.fields["username"].label = _("E-mail or user name")
            self.fields["username"].widget = forms.TextInput(attrs={**self.fields["username"].widget.attrs})

    def confirm_login_allowed(self, user: User) -> None:
        """Asked once the password was right: who may not be signed in from here, or now, is told so and no stranger."""
        super().confirm_login_allowed(user)
        decision = decide(user, client_address(self.request) if self.request else "")
        if not decision.allowed:
            record("sign_in.refused", actor=user, on=user, reason=decision.code)
            raise forms.ValidationError(told(decision), code=decision.code)
