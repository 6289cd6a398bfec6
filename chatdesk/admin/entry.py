from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.readonly import RecordAdmin
from chatdesk.models import Entry, File
from chatdesk.visible import visible


@admin.register(Entry)
class EntryAdmin(RecordAdmin):
    facts = ("in_conversation", "seq", "kind", "at")
    words = ("author", "text")
    fields = readonly_fields = (*facts, *words)
    list_filter = ("kind",)
    list_select_related = ("conversation", "participant", "file")

    @admin.display(description=_("conversation"))
    def in_conversation(self, entry: Entry) -> str:
        return entry.conversation.mark

    @admin.display(description=_("author"))
    def author(self, entry: Entry) -> str:
        return visible(str(entry.participant or _("The desk")))

    @admin.display(description=_("text"))
    def text(self, entry: Entry) -> str:
        return visible(entry.file.name if entry.file else entry.body)


@admin.register(File)
class FileAdmin(RecordAdmin):
    facts = ("in_conversation", "media_type", "size", "state", "created_at")
    words = ("download",)
    strangers_words = ("name",)
    fields = readonly_fields = (*facts, *words)
    list_filter = ("state", "media_type")
    list_select_related = ("conversation",)

    @admin.display(description=_("conversation"))
    def in_conversation(self, file: File) -> str:
        return file.conversation.mark

    @admin.display(description=_("name"))
    def download(self, file: File) -> SafeString:
        return format_html('<a href="/files/{}/" dir="auto">{}</a>', file.key, visible(file.name))
