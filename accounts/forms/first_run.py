from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.forms.passwords import ADVICE, password_field
from accounts.models import User


class FirstRunForm(forms.ModelForm):  # type: ignore[type-arg]
    password = password_field(_("Password"), "new-password", help_text=ADVICE)
    again = password_field(_("Password, once more"), "new-password")

    class Meta:
        model = User
        fields = ["email", "display_name"]
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
        }

    def clean(self) -> dict[str, Any] | None:
        written = super().clean() or self.cleaned_data
        first, second = written.get("password"), written.get("again")
        if first and second and first != second:
            self.add_error("again", _("The two passwords differ."))
        return written

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if password := self.cleaned_data.get("password"):
            self._judge(password)

    def _judge(self, password: str) -> None:
        """After the person's own facts are known: a password must not repeat them."""
        try:
            validate_password(password, self.instance)
        except forms.ValidationError as error:
            self.add_error("password", error)
