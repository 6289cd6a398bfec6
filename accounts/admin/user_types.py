from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.addresses import client_address
from accounts.admin.user_type_form import (
    CHATS,
    MODULES,
    PRESENCE,
    RULES,
    SESSIONS,
    UserTypeForm,
    WindowForm,
    WindowFormSet,
)
from accounts.models import LoginWindow, UserType
from accounts.signals import access_changed


class LoginWindowInline(admin.StackedInline):  # type: ignore[type-arg]
    model = LoginWindow
    form = WindowForm
    formset = WindowFormSet
    extra = 0
    fields = (("weekday", "start", "end"),)
    verbose_name = _("log-in window")
    verbose_name_plural = _("log-in windows: none at all means at any time; an end before the start is the next day")

    def get_formset(
        self, request: HttpRequest, obj: UserType | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet[Any, Any, Any]]:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"editor": request.user})


@admin.register(UserType)
class UserTypeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = UserTypeForm
    list_display = ["name", "opens_dashboard", "opens_transcripts", "opens_admin", "people"]
    search_fields = ["name"]
    inlines = [LoginWindowInline]
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
                "fields": MODULES,
                "description": _("Which parts of the product people of this type can open at all."),
            },
        ),
        (
            _("Chats"),
            {
                "fields": CHATS,
                "description": _("How far each permission reaches. It changes for everybody of this type at once."),
            },
        ),
        (
            _("Presence"),
            {"fields": PRESENCE, "description": _("Whether people of this type are there for new chats.")},
        ),
        (
            _("Log-in rules"),
            {
                "fields": RULES,
                "description": _(
                    "When and from where people of this type may be signed in. It holds for open desks too: five "
                    "minutes before the end people are told, then their chats go to others."
                ),
            },
        ),
        (_("Sessions"), {"fields": SESSIONS, "description": _("How long a sign-in lasts, and what it takes.")}),
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
        return type(form.__name__, (form,), {"editor": request.user, "address": client_address(request)})

    def save_related(self, request: HttpRequest, form: ModelForm[UserType], formsets: Any, change: bool) -> None:
        """Everybody of this type is asked again at once, also where a desk is open."""
        super().save_related(request, form, formsets, change)
        access_changed.send(sender=UserType, user_id=0)
