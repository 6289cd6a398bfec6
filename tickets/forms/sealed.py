"""A form for a server with a password: typed, stored sealed, never shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models.account import SealedPassword

PLACE = ("host", "port", "security", "username")  # where the password goes


class SealedPasswordForm(forms.ModelForm):  # type: ignore[type-arg]
    new_password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Stored sealed, and never shown. Leave it empty to keep the one that is there."),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if self.instance.sealed and not facts.get("new_password") and self._goes_elsewhere(facts):
            self.add_error("new_password", _("Type the password again: it would be sent to another place."))
        return facts

    def _goes_elsewhere(self, facts: dict[str, Any]) -> bool:
        return any(str(facts[name]) != str(self.initial.get(name, "")) for name in PLACE if name in facts)

    def save(self, commit: bool = True) -> SealedPassword:
        if secret := self.cleaned_data.get("new_password"):
            self.instance.password = secret
        saved: SealedPassword = super().save(commit)
        return saved
