from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.sealing import unseal
from tickets.actions.outbox import MailOff
from tickets.actions.selftest import begin, latest
from tickets.actions.signing import make_key
from tickets.checking import check_mail
from tickets.composing.signing import Signer, dns_name, dns_record
from tickets.models import MailSettings


@admin.register(MailSettings)
class MailSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One row, a page that tries everything, and a key made on request."""

    change_form_template = "admin/tickets/mail_settings.html"
    readonly_fields = ("sending", "dkim_record")
    fieldsets = (
        (_("Addresses"), {"fields": ("relay_domain", "sending")}),
        (_("Coming in"), {"fields": ("size_limit_mb", "trusted_results")}),
        (_("Going out"), {"fields": ("attach_limit_mb", "undo_seconds", "reading_seconds", "recorded_text")}),
        (_("Return links"), {"fields": ("return_days",)}),
        (
            _("Signature (DKIM)"),
            {
                "fields": ("dkim_selector", "dkim_record"),
                "description": _("Shows other servers that a mail is yours. The private key never leaves the desk."),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MailSettings | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        check = path("check/", self.admin_site.admin_view(self.check_view), name="tickets_mailsettings_check")
        return [check, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one row: go straight to it."""
        return redirect("admin:tickets_mailsettings_change", MailSettings.load().pk)

    def response_change(self, request: HttpRequest, obj: MailSettings) -> HttpResponse:
        """The button for a key saves the page first, so that nothing typed is lost."""
        if "_make_key" not in request.POST:
            return super().response_change(request, obj)
        make_key(request.user, obj)
        messages.success(request, gettext("A new key was made. Publish the record below, then try everything."))
        return redirect(request.path)

    @admin.display(description=_("sends mail"))
    def sending(self, own: MailSettings) -> SafeString:
        words = _("yes") if own.is_sending else _("no: a self-test has to come back first")
        return format_html("<p>{}</p><p>{}</p>", words, latest().words)

    @admin.display(description=_("record to publish"))
    def dkim_record(self, own: MailSettings) -> str | SafeString:
        key = unseal(own.dkim_key)
        if not key:
            return str(_("No key yet."))
        name = dns_name(Signer(own.relay_domain, own.dkim_selector, key))
        return format_html("<code>{}</code> TXT<br><code>{}</code>", name, dns_record(key))

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """What `manage.py mail_check` says, and the button of the self-test."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._begin(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Is mail set up?"),
            "findings": check_mail(),
            "opts": MailSettings._meta,
        }
        return TemplateResponse(request, "admin/tickets/mail_check.html", context)

    def _begin(self, request: HttpRequest) -> HttpResponse:
        try:
            begin()
        except MailOff:
            messages.error(request, gettext("Set the relay domain first."))
        else:
            messages.success(request, gettext("A test mail is on its way to the desk itself. Look again in a minute."))
        return redirect("admin:tickets_mailsettings_check")
