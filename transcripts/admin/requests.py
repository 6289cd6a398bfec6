from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from transcripts.models import RequestRules


@admin.register(RequestRules)
class RequestRulesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fields = ("forget_days", "review_days")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RequestRules | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one row: go straight to it."""
        return redirect("admin:transcripts_requestrules_change", RequestRules.load().pk)
