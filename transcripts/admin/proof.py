from __future__ import annotations

from typing import Any

from cryptography.x509 import load_pem_x509_certificates
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from transcripts.models import LogSettings


class LogSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LogSettings
        fields = ("minutes", "outside_address", "stamp_url", "stamp_certificate")

    def clean_stamp_certificate(self) -> str:
        text: str = self.cleaned_data["stamp_certificate"]
        try:
            if text:
                load_pem_x509_certificates(text.encode())
        except ValueError:
            raise forms.ValidationError(_("This is no certificate in PEM form.")) from None
        return text


@admin.register(LogSettings)
class LogSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = LogSettingsForm
    fieldsets = (
        (_("Signed heads"), {"fields": ("minutes", "outside_address")}),
        (_("Time stamps"), {"fields": ("stamp_url", "stamp_certificate")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogSettings | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one row: go straight to it."""
        return redirect("admin:transcripts_logsettings_change", LogSettings.load().pk)
