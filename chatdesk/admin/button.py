from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.buttonform import ButtonForm
from chatdesk.models import Button


@admin.register(Button)
class ButtonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ButtonForm
    list_display = ("slug", "title", "route", "typing_preview", "is_active", "address")
    list_filter = ("is_active", "group")
    list_select_related = ("group",)
    search_fields = ("slug", "title", "allowed_sites")
    readonly_fields = ("preview",)
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (_("What visitors see"), {"fields": ("title", "slug", "label", "greeting", "colour", "position", "is_active")}),
        (_("Where its chats go"), {"fields": ("group", "choices")}),
        (
            _("Pre-chat form"),
            {
                "fields": ("name_field", "email_field", "question_field", "question_label", "group_field"),
                "description": _("The first message is the form: everything else is off unless you ask for it."),
            },
        ),
        (
            _("While the visitor types"),
            {
                "fields": ("typing_preview",),
                "description": _("With preview, the visitor is told so in plain words, and may write privately."),
            },
        ),
        (_("Where it may be shown"), {"fields": ("allowed_sites",)}),
    )

    class Media:
        css = {"all": ("css/admin-button.css",)}
        js = ("admin-desk/preview.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Button | None = None) -> Any:
        """The preview shows what is stored, so a button that is being made has none yet."""
        return ((_("Preview and embedding"), {"fields": ("preview",)}), *self.fieldsets) if obj else self.fieldsets

    def get_prepopulated_fields(self, request: HttpRequest, obj: Button | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title",)}

    @admin.display(description=_("routing group"), ordering="group")
    def route(self, button: Button) -> str:
        return str(button.group or _("the visitor chooses"))

    @admin.display(description=_("chat page"))
    def address(self, button: Button) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', chat_path(button))

    @admin.display(description=_("as saved"))
    def preview(self, button: Button) -> SafeString:
        path = chat_path(button)
        facts = {"button": button, "path": path, "snippet": snippet(button)}
        return render_to_string("admin/chatdesk/_preview.html", facts)

    def save_model(self, request: HttpRequest, obj: Button, form: forms.ModelForm[Button], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.allowed_sites:
            words = _now("Only this desk's own pages may show the button: add your web site under allowed sites.")
            messages.warning(request, words)


def chat_path(button: Button) -> str:
    return "/chat/" if button.slug == "default" else f"/chat/{button.slug}/"


def snippet(button: Button) -> str:
    """What a web page embeds: a link that works by itself, and the script that turns it into the button."""
    link = format_html(
        '<a href="{}{}" data-chatdesk="{}">{}</a>', settings.SITE_URL, chat_path(button), button.slug, button.label
    )
    script = format_html('<script async src="{}/widget.js"></script>', settings.SITE_URL)
    return f"{link}\n{script}"
