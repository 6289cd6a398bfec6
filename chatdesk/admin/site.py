from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from chatdesk import sitelimits
from chatdesk.filetypes import MEDIA_TYPES
from chatdesk.models import SiteSettings

NAMES = {
    "txt": _("plain text"),
    "docx": _("Word (docx)"),
    "xlsx": _("Excel (xlsx)"),
    "pptx": _("PowerPoint (pptx)"),
    "odt": _("OpenDocument text (odt)"),
    "ods": _("OpenDocument table (ods)"),
    "zip": _("ZIP archive"),
    "mp4": _("MP4 video"),
    "mp3": _("MP3 sound"),
}
TYPE_CHOICES = [(name, NAMES.get(name, name.upper())) for name in MEDIA_TYPES]


class SiteSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    file_types = forms.MultipleChoiceField(
        label=_("File types"),
        choices=TYPE_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What visitors and operators may send. Decided by what is in the file, never by its name. None: no files."
        ),
    )

    class Meta:
        model = SiteSettings
        fields = (
            "message_limit",
            "file_limit_mb",
            "file_types",
            "accept_seconds",
            "policy_text",
            "masks_cards",
            "card_digits",
        )


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SiteSettingsForm
    fieldsets = (
        (_("Messages"), {"fields": ("message_limit",)}),
        (_("Files"), {"fields": ("file_limit_mb", "file_types")}),
        (_("Handing over"), {"fields": ("accept_seconds",)}),
        (_("Supervision"), {"fields": ("policy_text",)}),
        (_("Sensitive data"), {"fields": ("masks_cards", "card_digits")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SiteSettings | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one row: go straight to it."""
        return redirect("admin:chatdesk_sitesettings_change", SiteSettings.load().pk)

    def save_model(
        self, request: HttpRequest, obj: SiteSettings, form: forms.ModelForm[SiteSettings], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(sitelimits.forget)
