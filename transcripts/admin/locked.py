from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from transcripts.actions.buckets.trying import try_out
from transcripts.actions.locking.counting import counted
from transcripts.models import LockedRules


@admin.register(LockedRules)
class LockedRulesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    readonly_fields = ("copies",)
    fieldsets = (
        (
            None,
            {
                "fields": ("is_on", "bucket", "mode", "days"),
                "description": _(
                    "A copy of each conversation that ends, with its records, files and proof, encrypted with a key of"
                    " its own. When the conversation is destroyed, so is the key: the copy stays locked, and nobody"
                    " can read it. What was put in compliance mode stays for its time, and costs its room, whatever"
                    " is changed here later."
                ),
            },
        ),
        (_("So far"), {"fields": ("copies",)}),
    )

    @admin.display(description=_("copies"))
    def copies(self, rules: LockedRules) -> SafeString | str:
        lines = counted()
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines)) if lines else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LockedRules | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: LockedRules, form: ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        tried = try_out(obj.bucket) if obj.is_on and obj.bucket else None
        if tried and not tried.locks:
            messages.warning(request, f"{obj.bucket}: {tried.words}")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one row: go straight to it."""
        return redirect("admin:transcripts_lockedrules_change", LockedRules.load().pk)
