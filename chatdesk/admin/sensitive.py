from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatdesk import sitelimits
from chatdesk.models import SensitivePattern
from chatdesk.sensitive.masking import mask
from chatdesk.sensitive.patterns import Pattern
from chatdesk.sensitive.rules import Rules
from chatdesk.sensitive.vetting import Fault, fault_of

FAULTS = {
    Fault.UNREADABLE: _("This is no regular expression that can be read: look at brackets and backslashes."),
    Fault.EMPTY: _("This matches where nothing stands, so it would match everywhere."),
    Fault.SLOW: _(
        "On some texts this takes too long, and somebody could write such a text on purpose. Give each repetition an "
        "end, such as {1,40} instead of +, and put no repetition into another."
    ),
}
TRIED_CHARS = 1000


class PatternForm(forms.ModelForm):  # type: ignore[type-arg]
    trial = forms.CharField(
        label=_("A text to try it on"),
        required=False,
        max_length=TRIED_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is stored nowhere."),
    )

    class Meta:
        model = SensitivePattern
        fields = ("name", "pattern", "replacement", "is_active")

    @property
    def changed_data(self) -> list[str]:
        """Without the text to try it on, which no record is to hold."""
        return [name for name in super().changed_data if name != "trial"]

    def clean_pattern(self) -> str:
        source = str(self.cleaned_data["pattern"])
        fault = fault_of(source) if "pattern" in self.changed_data else None
        if fault is not None:
            raise ValidationError(FAULTS[fault])
        return source


@admin.register(SensitivePattern)
class SensitivePatternAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = PatternForm
    change_form_template = "admin/chatdesk/sensitive_pattern.html"
    list_display = ("name", "replacement", "is_active")
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "pattern", "replacement", "is_active"),
                "description": _(
                    "What matches is hidden before it is stored: in messages, notes, forms, names of files, mails, and "
                    "in what is shown while somebody types. What was stored before stays as it is. Card numbers need "
                    "no pattern: see the site settings."
                ),
            },
        ),
        (_("Try it"), {"fields": ("trial",)}),
    )

    def save_model(self, request: HttpRequest, obj: SensitivePattern, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(sitelimits.forget)
        if "_try" in request.POST:
            rule = Pattern(obj.pk, obj.pattern, obj.replacement)
            left = mask(form.cleaned_data["trial"], Rules(cards=False, patterns=(rule,))).text
            messages.info(request, gettext("This is left of your text: %(text)s") % {"text": left})

    def delete_model(self, request: HttpRequest, obj: SensitivePattern) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(sitelimits.forget)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(sitelimits.forget)

    def response_add(
        self, request: HttpRequest, obj: SensitivePattern, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._again(obj) if "_try" in request.POST else super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: SensitivePattern) -> HttpResponse:
        return self._again(obj) if "_try" in request.POST else super().response_change(request, obj)

    def _again(self, obj: SensitivePattern) -> HttpResponse:
        return redirect(reverse("admin:chatdesk_sensitivepattern_change", args=[obj.pk]))
