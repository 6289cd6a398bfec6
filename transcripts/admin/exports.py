from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from transcripts.models import ExportRules


@admin.register(ExportRules)
class ExportRulesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fields = ("approve_above", "keep_days", "volume_mb")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ExportRules | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one row: go straight to it."""
        return redirect("admin:transcripts_exportrules_change", ExportRules.load().pk)
