"""Mails as records: to read only, and never what they say or whom they name."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin.readonly import ReadOnlyAdmin
from tickets.models import Held, IncomingMail, OutgoingMail


@admin.register(IncomingMail)
class IncomingMailAdmin(ReadOnlyAdmin):
    """Who wrote is behind the original, which is read at the desk, with a reason."""

    list_display = ("pk", "received_at", "via", "state", "conversation", "size", "error")
    list_filter = ("state", "via", "received_at")
    list_select_related = ("conversation__request",)
    show_full_result_count = False
    ordering = ("-pk",)
    fields = ("received_at", "via", "state", "tries", "error", "size", "is_cut", "conversation")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ("pk", "created_at", "kind", "state", "conversation", "tries", "sent_at", "reason")
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("conversation__request",)
    show_full_result_count = False
    ordering = ("-pk",)
    fields = ("kind", "state", "conversation", "created_at", "due_at", "tries", "sent_at", "ended_at", "code", "reason")


@admin.register(Held)
class HeldAdmin(ReadOnlyAdmin):
    list_display = ("pk", "at", "reason", "state", "conversation", "decided_by", "decided_at")
    list_filter = ("state", "reason", "at")
    list_select_related = ("conversation__request", "decided_by")
    show_full_result_count = False
    ordering = ("-pk",)
    fields = ("at", "reason", "state", "conversation", "decided_by", "decided_at")
