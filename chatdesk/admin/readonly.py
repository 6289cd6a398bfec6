"""Records of what was said: read only, and the words only by whom they are for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.readonly import ReadOnlyAdmin
from accounts.models import Scope
from accounts.permissions import may
from chatdesk.visible import visible


def may_read_all(request: HttpRequest) -> bool:
    """Whether this person's user type may see every chat: what was said, and by whom, is for these alone."""
    return may(request.user, "see") == Scope.ALL


class RecordAdmin(ReadOnlyAdmin):
    """Everybody who opens these pages sees `facts`; `words` and single records only who may see all chats."""

    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False
    facts: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[tuple[str, ...]] = ()
    strangers_words: ClassVar[tuple[str, ...]] = ()  # fields of one record, written by who knows whom
    out_of_sight: ClassVar[str] = "conversation__hidden_at"  # set: nobody finds it any more, here neither

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{self.out_of_sight: None})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or may_read_all(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record to show, with controls of reading direction written out: it is never saved from here."""
        record = super().get_object(request, object_id, from_field)
        for name in self.strangers_words if record else ():
            setattr(record, name, visible(getattr(record, name)))
        return record

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.facts, *self.words) if may_read_all(request) else self.facts

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return super().get_list_display_links(request, list_display) if may_read_all(request) else None

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.search_fields if may_read_all(request) else ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A filter on a text would answer questions about it, so nobody may write one into the address."""
        return lookup.split("__", 1)[0] in self.filterable() and super().lookup_allowed(lookup, value, request)

    def filterable(self) -> set[str]:
        return {"conversation", *(str(name).split("__")[0] for name in self.list_filter)}
