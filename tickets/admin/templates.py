from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.actions.drafting.wording import SAMPLE, Wording, filled, usual
from tickets.actions.outbox import MailOff
from tickets.actions.trying import send_trial
from tickets.composing.template import names_in
from tickets.models import MailTemplate


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = MailTemplate
        fields = ("kind", "group", "language", "subject", "body", "html")
        widgets = {"body": forms.Textarea(attrs={"rows": 10}), "html": forms.Textarea(attrs={"rows": 8})}

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for name in ("subject", "body"):
            if unknown := names_in(facts.get(name, "")) - SAMPLE.keys():
                words = gettext("Nothing is known as %(names)s. There are: %(known)s.")
                self.add_error(name, words % {"names": _braced(unknown), "known": _braced(SAMPLE.keys())})
        if facts.get("html") and "text" not in names_in(facts["html"]):
            self.add_error("html", gettext("The HTML needs {text} where the words are to stand."))
        return facts


def _braced(names: Any) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


@admin.register(MailTemplate)
class MailTemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = TemplateForm
    change_form_template = "admin/tickets/template.html"
    list_display = ("kind", "group", "language", "subject")
    list_filter = ("kind", "language", "group")
    list_select_related = ("group",)
    readonly_fields = ("preview",)
    fieldsets = (
        (None, {"fields": ("kind", "group", "language")}),
        (
            _("Words"),
            {
                "fields": ("subject", "body", "html"),
                "description": _("What stands in braces, such as {team}, is filled in. Nothing here is a program."),
            },
        ),
        (_("As it was last saved, filled in"), {"fields": ("preview",)}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new template begins with what the desk says anyway."""
        asked = super().get_changeform_initial_data(request)
        kind = str(asked.get("kind", MailTemplate.Kind.MESSAGE))
        if kind not in MailTemplate.Kind.values:
            return {**asked}
        words = usual(kind, str(asked.get("language", "en")))
        return {"kind": kind, "subject": words.subject, "body": words.body, **asked}

    @admin.display(description=_("preview"))
    def preview(self, template: MailTemplate) -> str | SafeString:
        if not template.pk:
            return str(_("Save it first."))
        words = filled(Wording(template.subject, template.body), SAMPLE)
        return format_html('<p><strong>{}</strong></p><p class="mail-preview">{}</p>', words.subject, words.body)

    def response_change(self, request: HttpRequest, obj: MailTemplate) -> HttpResponse:
        if "_send_trial" not in request.POST or not isinstance(request.user, User):
            return super().response_change(request, obj)
        try:
            send_trial(request.user, obj)
        except MailOff:
            messages.error(request, gettext("Set the relay domain in the mail settings first."))
        else:
            messages.success(request, gettext("It is on its way to your own address."))
        return redirect(request.path)
