"""The audit log on the settings pages: searched, read, and changed by nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnlyAdmin
from accounts.audit_search import page_of, search
from accounts.audit_words import in_words
from accounts.forms.audit import AuditSearchForm
from accounts.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    fieldsets = (
        (None, {"fields": ("at", "actor_name", "actor_id", "action_in_words", "address", "reason")}),
        (_("What it was done to"), {"fields": ("object_name", "object_type", "object_id")}),
        (_("What changed"), {"fields": ("before", "after")}),
    )
    readonly_fields = ("action_in_words",)

    @admin.display(description=_("action"))
    def action_in_words(self, entry: AuditEntry) -> str:
        return f"{in_words(entry.action)} ({entry.action})"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """A page of rows that fit what is asked for; a question that can't be read shows what is wrong with it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditSearchForm(request.GET)
        wanted = form.cleaned_data if form.is_valid() else None
        page = page_of(search(wanted), wanted.get("before")) if wanted is not None else None
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "form": form,
            "page": page,
            "rows": [(row, in_words(row.action)) for row in page.rows] if page else [],
            "later": _with(request, before=page.next_key) if page else "",
            "first": _with(request, before=None),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/accounts/auditentry/change_list.html", context)


def _with(request: HttpRequest, before: int | None) -> str:
    """The same question, going on after a row."""
    asked = request.GET.copy()
    asked.pop("before", None)
    if before is not None:
        asked["before"] = str(before)
    return f"?{asked.urlencode()}"
