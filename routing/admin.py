from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import DirectoryGroup, User
from accounts.permissions import opens
from routing.models import DirectoryMembers, Group, Membership


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Membership
        fields = ("user", "chat_limit", "priority")

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if "user" not in self.changed_data:
            return user  # somebody switched off since must not keep the rest of the group from being saved
        if not user.is_active:
            raise ValidationError(_("%(name)s is switched off: switch the person on first.") % {"name": user})
        if not opens(user, "dashboard"):
            raise ValidationError(
                _("%(name)s may not work at the desk: choose another user type for them first.") % {"name": user}
            )
        return user


class MembershipInline(admin.StackedInline):  # type: ignore[type-arg]
    """Stacked, because the table of Django's tabular one gives its fields no names that a screen reader could say."""

    model = Membership
    form = MembershipForm
    extra = 0
    fields = (("user", "chat_limit", "priority"),)
    autocomplete_fields = ("user",)
    verbose_name = _("member")
    verbose_name_plural = _("members")


class DirectoryMembersInline(admin.StackedInline):  # type: ignore[type-arg]
    model = DirectoryMembers
    extra = 0
    fields = (("directory_group", "chat_limit", "priority"),)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "policy", "size", "is_active")
    list_filter = ("is_active", "policy")
    search_fields = ("name", "slug")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_active")}),
        (
            _("How chats are handed out"),
            {
                "fields": ("policy",),
                "description": _(
                    "Automatic: of those who have a free place, the highest priority is asked, then who holds the "
                    "fewest chats, then who has been idle longest."
                ),
            },
        ),
        (
            _("Alarm by mail"),
            {
                "fields": (("alarm_minutes", "alarm_address"),),
                "description": _("One mail for each time that nobody is there, and one when somebody is back."),
            },
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Group | None) -> list[Any]:
        """Members from directories once there is one."""
        return [*self.inlines, DirectoryMembersInline] if DirectoryGroup.objects.exists() else [*self.inlines]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.annotate(member_count=Count("memberships"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Group | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    @admin.display(description=_("members"), ordering="member_count")
    def size(self, group: Group) -> int:
        return int(getattr(group, "member_count", 0))

    def save_related(self, request: HttpRequest, form: forms.ModelForm[Group], formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        group = form.instance
        if group.is_active and not group.memberships.filter(chat_limit__gt=0).exists():
            words = _now("%(group)s has no members who are given chats: nobody can answer for it.")
            messages.warning(request, words % {"group": group})
