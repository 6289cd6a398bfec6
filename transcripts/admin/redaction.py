from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest

from transcripts.models import RedactionReason


@admin.register(RedactionReason)
class RedactionReasonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fields = ("name", "code", "meaning", "is_offered")
    list_display = ("name", "code", "meaning", "is_offered")

    def get_readonly_fields(self, request: HttpRequest, obj: RedactionReason | None = None) -> tuple[str, ...]:
        """Files that have left name a reason by its code."""
        return ("code",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: RedactionReason | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"code": ("name",)}
