from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.forms import UserTypeForm
from accounts.models import UserType


@admin.register(UserType)
class UserTypeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = UserTypeForm
    list_display = ["name", "opens_dashboard", "opens_transcripts", "opens_admin", "people"]
    search_fields = ["name"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name"],
                "description": _("What a kind of person may do here. Every person has one user type."),
            },
        ),
        (
            _("Modules"),
            {
                "fields": ["opens_dashboard", "opens_transcripts", "opens_admin"],
                "description": _("Which parts of the product people of this type can open at all."),
            },
        ),
        (
            _("Chats"),
            {
                "fields": ["see", "answer", "take", "transfer", "close"],
                "description": _("How far each permission reaches. It changes for everybody of this type at once."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UserType]:
        kinds: QuerySet[UserType] = super().get_queryset(request)
        return kinds.annotate(headcount=Count("users"))

    @admin.display(description=_("people"), ordering="headcount")
    def people(self, kind: UserType) -> int:
        return int(getattr(kind, "headcount", 0))

    def get_form(
        self, request: HttpRequest, obj: UserType | None = None, change: bool = False, **kwargs: object
    ) -> type[ModelForm[UserType]]:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})
