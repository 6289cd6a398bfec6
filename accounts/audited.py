"""Every change made in the admin pages leaves a row in the audit log: mixed into each page by the admin site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from accounts.audit import record
from accounts.audit_facts import Facts, facts_of_change, facts_of_row

KEPT = "audit_facts"  # on the request, between the moment Django knows what changed and the moment it logs it


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Records before and after, in the transaction of the change itself."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        setattr(request, KEPT, facts_of_change(form, formsets or ()))
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        record("setting.add", on=obj, after=_kept(request, message).after)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        facts = _kept(request, message)
        if facts.before or facts.after:
            record("setting.change", on=obj, before=facts.before, after=facts.after)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        for row in queryset:
            record("setting.delete", on=row, before=facts_of_row(row))
        return super().log_deletions(request, queryset)  # type: ignore[arg-type]

    @transaction.atomic
    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:  # type: ignore[override]
        """Django deletes many without a transaction around it; then some could be gone and not recorded."""
        return super().response_action(request, queryset)


def audited(admin_class: type[Any]) -> type[Any]:
    """The same admin page, recording."""
    return type(admin_class.__name__, (AuditedAdmin, admin_class), {"__module__": admin_class.__module__})


def _kept(request: HttpRequest, message: Any) -> Facts:
    """What changed by the form; where a page of its own logs a change, its words."""
    facts: Facts = getattr(request, KEPT, None) or Facts({}, {"change": message} if message else {})
    setattr(request, KEPT, None)
    return facts
