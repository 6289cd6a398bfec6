from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions.password_mails import invite
from accounts.addresses import client_address
from accounts.admin.second_factors import HasSecondFactor, SecondFactorsOfPeople
from accounts.admin.sessions import SessionsOfPeople
from accounts.admin.simulator import AsksForPeople
from accounts.admin.user_form import UserForm
from accounts.links import password_link
from accounts.models import User
from accounts.querysets import is_last_admin
from accounts.signals import access_changed

WRITTEN: tuple[str, ...] = ("email", "display_name", "user_type", "languages", "is_active")
SHOWN: tuple[str, ...] = ("display_name", "email", "user_type", "is_active")  # to who may look, and not change
KNOWN: tuple[str, ...] = ("shown_photo", "second_factor", "shown_sessions", "last_login", "date_joined")
ACCESS = {"is_active", "user_type", "email"}


@admin.register(User)
class UserAdmin(SecondFactorsOfPeople, SessionsOfPeople, AsksForPeople, admin.ModelAdmin):  # type: ignore[type-arg]
    """People are invited: they choose their own password by a link, and no admin ever knows it."""

    form = UserForm
    list_display = ["display_name", "email", "user_type", "is_active", "last_login"]
    list_filter = ["is_active", HasSecondFactor, "user_type"]
    list_select_related = ["user_type"]
    search_fields = ["display_name", "email"]
    readonly_fields = KNOWN
    actions = ["send_link", "end_sessions", "remove_second_factor"]
    fieldsets = [
        (None, {"fields": WRITTEN}),
        (gettext_lazy("Known"), {"fields": KNOWN}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": WRITTEN,
                "description": gettext_lazy("A new person gets a mail with a link to choose a password."),
            },
        )
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": SHOWN})]
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if self.has_change_permission(request) else SHOWN

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter if self.has_change_permission(request) else ["is_active", "user_type"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nobody finds a password out by asking how it begins; who only chooses people filters by what they see."""
        allowed: bool = super().lookup_allowed(lookup, value, request)
        shown = lookup.partition("__")[0] in SHOWN or self.has_change_permission(request)
        return allowed and shown and not lookup.startswith("password")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: object
    ) -> type[ModelForm[User]]:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user, "address": client_address(request)})

    @admin.display(description=gettext_lazy("photo"))
    def shown_photo(self, user: User) -> str:
        if not user.photo:
            return _("none; people add their own")
        return format_html('<img src="{}" alt="" width="64" height="64">', user.photo_url)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and ACCESS & set(form.changed_data):
            access_changed.send(sender=User, user_id=obj.pk)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        self._invite(request, obj)
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description=gettext_lazy("Send a link to choose a password"), permissions=["change"])
    def send_link(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = list(users.filter(is_active=True))
        for user in chosen:
            self._invite(request, user)
        if not chosen:
            self.message_user(request, _("Nobody of these is active, so no link was sent."), messages.WARNING)

    def _invite(self, request: HttpRequest, user: User) -> None:
        """The link is shown this once as well: mail may not be set up, or slow."""
        invite(user)
        text = _("A link to choose a password goes to {}. You can also hand it over yourself; it is shown only now: {}")
        messages.info(request, format_html(text, user.email, password_link(user)))

    def get_deleted_objects(self, objs: QuerySet[User] | Iterable[User], request: HttpRequest) -> Any:
        """Names what stands in the way of deleting, for one person and for many alike."""
        people = list(objs)
        listed, counts, perms, protected = super().get_deleted_objects(people, request)
        reasons = self._reasons_to_keep(request, people)
        for reason in reasons:
            messages.error(request, reason)
        return listed, counts, perms, [*protected, *reasons]

    def _reasons_to_keep(self, request: HttpRequest, people: list[User]) -> list[str]:
        if any(is_last_admin(user) for user in people):
            return [_("The last admin can't be deleted. Make somebody else an admin first.")]
        return [_("You can't delete yourself. Another admin can do it.")] if request.user in people else []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        user_id = obj.pk
        super().delete_model(request, obj)
        access_changed.send(sender=User, user_id=user_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        gone = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        for user_id in gone:
            access_changed.send(sender=User, user_id=user_id)
        self.message_user(request, ngettext("%d person deleted.", "%d people deleted.", len(gone)) % len(gone))
