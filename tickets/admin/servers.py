from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tickets.checking.findings import Finding, Grade
from tickets.checking.ways import try_mailbox, try_way_out
from tickets.forms.sealed import SealedPasswordForm
from tickets.models import ImapAccount, SmtpAccount

LEVELS = {Grade.GOOD: messages.SUCCESS, Grade.OPEN: messages.WARNING, Grade.WRONG: messages.ERROR}


class SmtpForm(SealedPasswordForm):
    class Meta:
        model = SmtpAccount
        fields = ("host", "port", "security", "username", "new_password", "group", "user", "is_active")


class ImapForm(SealedPasswordForm):
    class Meta:
        model = ImapAccount
        fields = (
            "address",
            "host",
            "port",
            "security",
            "username",
            "new_password",
            "folder",
            "done_folder",
            "is_active",
        )


class ServerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Servers that can be tried from the list: each says in a sentence how it went."""

    actions: ClassVar[list[str]] = ["try_out"]  # type: ignore[misc]

    def tried(self, account: Any) -> Finding:
        raise NotImplementedError

    @admin.action(description=_("Try the chosen servers"), permissions=["change"])
    def try_out(self, request: HttpRequest, accounts: QuerySet[Any]) -> None:
        for account in accounts:
            finding = self.tried(account)
            messages.add_message(request, LEVELS[finding.grade], f"{finding.about}: {finding.words}")


@admin.register(SmtpAccount)
class SmtpAccountAdmin(ServerAdmin):
    form = SmtpForm
    list_display = ("__str__", "security", "username", "group", "user", "is_active")
    list_filter = ("is_active", "security")
    list_select_related = ("group", "user")
    fieldsets = (
        (_("Server"), {"fields": ("host", "port", "security", "username", "new_password", "is_active")}),
        (
            _("Whose mail leaves by it"),
            {
                "fields": ("group", "user"),
                "description": _(
                    "A person's own comes first, then the group's. Neither: the desk's own, for the rest."
                ),
            },
        ),
    )

    def tried(self, account: SmtpAccount) -> Finding:
        return try_way_out(account)


@admin.register(ImapAccount)
class ImapAccountAdmin(ServerAdmin):
    form = ImapForm
    list_display = ("address", "host", "is_active", "last_ok_at", "last_error")
    readonly_fields = ("last_ok_at", "last_error")
    fieldsets = (
        (_("Mailbox"), {"fields": ("address", "is_active", "last_ok_at", "last_error")}),
        (_("Server"), {"fields": ("host", "port", "security", "username", "new_password")}),
        (
            _("Folders"),
            {
                "fields": ("folder", "done_folder"),
                "description": _("A mail is moved only when it is stored here, and nothing is marked before."),
            },
        ),
    )

    def tried(self, account: ImapAccount) -> Finding:
        return try_mailbox(account)
