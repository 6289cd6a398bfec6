from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

LONGEST = 512  # characters; hashing must not become work that a stranger orders by the megabyte
ADVICE = _("At least 10 characters. A sentence is good.")


def password_field(label: Any, autocomplete: str, **facts: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST, widget=widget, **facts)


class ResetForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    new_password1 = password_field(_("New password"), "new-password", help_text=ADVICE)
    new_password2 = password_field(_("New password, once more"), "new-password")


class OwnPasswordForm(PasswordChangeForm):
    old_password = password_field(_("Current password"), "current-password")
    new_password1 = password_field(_("New password"), "new-password", help_text=ADVICE)
    new_password2 = password_field(_("New password, once more"), "new-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        written: str = self.cleaned_data["old_password"]
        if not is_own_password(self.request, written):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return written


def is_own_password(request: HttpRequest, written: str) -> bool:
    """Asked of who is signed in as at the door: wrong ones are written down, and lock."""
    found = authenticate(request, username=request.user.get_username(), password=written)
    return found is not None and found.pk == request.user.pk
