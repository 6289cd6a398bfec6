from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope
from accounts.permissions import may
from chatdesk.admin.readonly import RecordAdmin
from chatdesk.contact import masked
from chatdesk.models import Conversation, Entry
from chatdesk.visible import visible

SHOWN_ENTRIES = 200


@admin.register(Conversation)
class ConversationAdmin(RecordAdmin):
    facts = ("mark", "button", "group", "state", "operator", "last_seq", "last_at")
    words = ("visitor_name",)
    out_of_sight = "hidden_at"
    strangers_words = ("name", "email", "question", "page", "referrer")
    search_fields = ("name", "email", "ref")
    list_filter = ("request__state", "request__outcome", "group", "button", "created_at")
    list_select_related = ("button", "group", "request__operator")
    fieldsets = (
        (_("What was said"), {"fields": ("entries",)}),
        (
            _("The visitor"),
            {
                "fields": strangers_words,
                "description": _("The address is masked. At the desk it is shown to who says why, and that is noted."),
            },
        ),
        (_("The conversation"), {"fields": ("ref", "button", "group", "state", "operator")}),
        (_("Times"), {"fields": ("created_at", "last_at", "closed_at")}),
    )
    readonly_fields = ("entries", "ref", "state", "operator")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        record = super().get_object(request, object_id, from_field)
        if record:
            record.email = masked(record.email)
        return record

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Who may not see addresses must not find them letter by letter either."""
        fields = super().get_search_fields(request)
        return fields if may(request.user, "contact") == Scope.ALL else [name for name in fields if name != "email"]

    @admin.display(description=_("visitor"))
    def mark(self, conversation: Conversation) -> str:
        return conversation.mark

    @admin.display(description=_("name"))
    def visitor_name(self, conversation: Conversation) -> str:
        return visible(conversation.name)

    @admin.display(description=_("state"))
    def state(self, conversation: Conversation) -> str:
        return conversation.request.get_state_display()

    @admin.display(description=_("operator"))
    def operator(self, conversation: Conversation) -> str:
        return str(conversation.request.operator or _("nobody"))

    @admin.display(description=_("entries"))
    def entries(self, conversation: Conversation) -> SafeString:
        newest = Entry.objects.filter(conversation=conversation).select_related("participant", "file").order_by("-seq")
        facts = {"entries": reversed(newest[:SHOWN_ENTRIES]), "conversation": conversation, "shown": SHOWN_ENTRIES}
        return render_to_string("admin/chatdesk/_entries.html", facts)
