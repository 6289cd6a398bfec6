from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chatdesk.actions.buttons import tell_button_changed
from chatdesk.actions.logos import LOGOS
from chatdesk.admin.buttonform import ButtonForm
from chatdesk.admin.buttoninlines import RuleInline, TextInline
from chatdesk.admin.buttonpreview import STATES, show_preview
from chatdesk.links import chat_link, page_url
from chatdesk.models import Button


@admin.register(Button)
class ButtonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ButtonForm
    list_display = ("slug", "title", "route", "typing_preview", "is_active", "address")
    list_filter = ("is_active", "group")
    list_select_related = ("group",)
    search_fields = ("slug", "title", "allowed_sites")
    readonly_fields = ("preview", "embedding")
    inlines = (TextInline, RuleInline)
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (_("Preview"), {"fields": ("preview",)}),
        (_("What visitors see"), {"fields": ("title", "slug", "label", "greeting", "languages", "is_active")}),
        (_("Its look"), {"fields": ("colour", ("logo_file", "remove_logo"), "position")}),
        (_("Where its chats go"), {"fields": ("group", "choices")}),
        (
            _("While nobody answers"),
            {
                "fields": ("when_closed", "closed_text", "offline_text"),
                "description": _("Closed: outside the hours of all its groups. When they open is said by itself."),
            },
        ),
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
        (_("Where it may be shown"), {"fields": ("allowed_sites", "embedding")}),
    )

    class Media:
        css = {"all": ("css/admin-button.css",)}
        js = ("admin-desk/preview.js",)

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(partial(show_preview, self))
        return [path("preview/", preview, name="chatdesk_button_preview"), *super().get_urls()]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Button | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title",)}

    @admin.display(description=_("routing group"), ordering="group")
    def route(self, button: Button) -> str:
        return str(button.group or _("the visitor chooses"))

    @admin.display(description=_("chat page"))
    def address(self, button: Button) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', page_url(button))

    @admin.display(description=_("before it is saved"))
    def preview(self, button: Button | None) -> SafeString:
        facts = {"button": button, "states": STATES, "languages": settings.LANGUAGES, "now": get_language()}
        return render_to_string("admin/chatdesk/_preview.html", facts)

    @admin.display(description=_("on your web page"))
    def embedding(self, button: Button | None) -> SafeString | str:
        if button is None or not button.slug:
            return gettext("Save the button to see what your web page needs.")
        facts = {"button": button, "path": page_url(button), "snippet": snippet(button)}
        return render_to_string("admin/chatdesk/_embedding.html", facts)

    def save_model(self, request: HttpRequest, obj: Button, form: forms.ModelForm[Button], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("logo_file"):
            LOGOS.keep(obj, form.cleaned_data["logo_file"])
        elif form.cleaned_data.get("remove_logo"):
            LOGOS.remove(obj)
        tell_button_changed()
        if not obj.allowed_sites:
            words = gettext("Only this desk's own pages may show the button: add your web site under allowed sites.")
            messages.warning(request, words)


def snippet(button: Button) -> str:
    """What a web page embeds: a link that works by itself, and the script that turns it into the button."""
    link = format_html('<a href="{}" data-chatdesk="{}">{}</a>', chat_link(button), button.slug, button.label)
    script = format_html('<script async src="{}/widget.js"></script>', settings.SITE_URL)
    return f"{link}\n{script}"
