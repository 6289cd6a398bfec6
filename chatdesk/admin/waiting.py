from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from chatdesk.models import WaitingRules, WaitMessage
from chatdesk.usual_messages import make_usual_messages
from chatdesk.waiting import can_tell_by_mail


class WaitMessageForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = WaitMessage
        fields = ("trigger", "after_seconds", "texts", "is_active")
        widgets = {"texts": forms.Textarea(attrs={"rows": 2})}

    def clean_texts(self) -> str:
        lines = [line.strip() for line in str(self.cleaned_data["texts"]).splitlines() if line.strip()]
        if not lines:
            raise ValidationError(_("Write at least one line."))
        return "\n".join(lines)


class WaitMessageInline(admin.StackedInline):  # type: ignore[type-arg]
    model = WaitMessage
    form = WaitMessageForm
    fk_name = "group"
    extra = 0
    fields = (("trigger", "after_seconds", "is_active"), "texts")


@admin.register(WaitingRules)
class WaitingRulesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page for each routing group: what its visitors are asked and told. Groups are made and deleted on their own."""

    list_display = ("name", "choice_seconds", "offers_mail", "close_silent_after", "size")
    search_fields = ("name",)
    readonly_fields = ("name",)
    inlines = (WaitMessageInline,)
    actions = ("add_usual",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        (
            _("Those who wait long"),
            {
                "fields": ("choice_seconds", "offers_mail"),
                "description": _(
                    "They may keep waiting, leave a message, or leave an address to be told of the answer. A message "
                    "leaves the queue and stands at the desk under “Messages”."
                ),
            },
        ),
        (_("Those who write no more"), {"fields": ("close_silent_after",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingRules]:
        rows: QuerySet[WaitingRules] = super().get_queryset(request)
        return rows.annotate(message_count=Count("wait_messages"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("messages"), ordering="message_count")
    def size(self, rules: WaitingRules) -> int:
        return int(getattr(rules, "message_count", 0))

    @admin.action(description=_("Add the usual messages where there are none"), permissions=["change"])
    @transaction.atomic
    def add_usual(self, request: HttpRequest, queryset: QuerySet[WaitingRules]) -> None:
        for group in queryset:
            made = make_usual_messages(group)
            if made:
                record("setting.add", on=group, after={"messages while waiting": len(made)})
        messages.success(
            request, gettext("The usual messages are there now. Look through them: they are yours to change.")
        )

    def save_model(
        self, request: HttpRequest, obj: WaitingRules, form: forms.ModelForm[WaitingRules], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if obj.offers_mail and not can_tell_by_mail(obj):
            messages.info(request, gettext("This desk sends no mail yet (EMAIL_URL), so nobody is offered any."))
