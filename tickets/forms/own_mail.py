"""How a person of the desk takes part by mail, and the server that theirs leaves by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.forms.sealed import SealedPasswordForm
from tickets.models import OperatorMail, SmtpAccount

MAIL_PORTS = (25, 465, 587, 2525)  # a person's own server must not become a way to knock on others


class OwnMailForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = OperatorMail
        fields = ("wants_mail", "signature")


class OwnServerForm(SealedPasswordForm):
    class Meta:
        model = SmtpAccount
        fields = ("host", "port", "security", "username", "new_password", "is_active")

    def clean_port(self) -> int:
        port: int = self.cleaned_data["port"]
        if port not in MAIL_PORTS:
            known = ", ".join(map(str, MAIL_PORTS))
            raise forms.ValidationError(_("Mail is handed over at one of the ports %(known)s.") % {"known": known})
        return port

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if facts.get("security") == "none" and facts.get("new_password"):
            self.add_error("security", _("A password is only sent over a protected connection."))
        return facts


REMOVED = gettext_lazy("Your mail leaves by the server of the group or of the desk again.")
