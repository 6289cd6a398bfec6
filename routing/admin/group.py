from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import DirectoryGroup
from accounts.signals import access_changed
from routing.actions.settings import reconsider
from routing.admin.membership import DirectoryMembersInline, MembershipInline
from routing.models import Group, Policy
from routing.opening import weeks
from routing.querysets import able_members
from routing.signals import group_added
from routing.weektext import standing


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Group
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which
        widgets = {"policy": forms.RadioSelect}

    def clean_overflow_group(self) -> Group | None:
        group: Group | None = self.cleaned_data["overflow_group"]
        if group is not None and group.pk == self.instance.pk:
            raise forms.ValidationError(_("A group can't overflow into itself: choose another one, or none."))
        if group is not None and not group.is_active:
            words = _("%(group)s is switched off and takes no chats: choose another group, or switch it on first.")
            raise forms.ValidationError(words % {"group": group})
        return group


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = GroupForm
    list_display = ("name", "slug", "policy", "hours", "now", "size", "is_active")
    list_filter = ("is_active", "policy", "hours")
    list_select_related = ("hours",)
    search_fields = ("name", "slug")
    readonly_fields = ("now",)
    inlines = (MembershipInline, DirectoryMembersInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_active")}),
        (_("When it is open"), {"fields": ("hours", "now")}),
        (
            _("How chats are handed out"),
            {
                "fields": ("policy", "same_language_first", "accept_seconds", "pause_seconds"),
                "description": _(
                    "Only to members who are here, available and have a free place. Who speaks the visitor's language "
                    "comes first, if that is wanted; then the higher priority; then as chosen here."
                ),
            },
        ),
        (_("Limits"), {"fields": ("chat_limit", "queue_limit")}),
        (
            _("When nobody is free"),
            {
                "fields": ("overflow_group", "overflow_seconds"),
                "description": _(
                    "A chat goes on only to a group that is open and has somebody there, never in circles."
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
        known = DirectoryGroup.objects.exists()
        return [inline for inline in self.inlines if known or inline is not DirectoryMembersInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.annotate(member_count=Count("memberships"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Group | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    @admin.display(description=_("members"), ordering="member_count")
    def size(self, group: Group) -> int:
        return int(getattr(group, "member_count", 0))

    @admin.display(description=_("just now"))
    def now(self, group: Group) -> str:
        if group._state.adding:
            return ""  # known once its hours are saved
        if group.hours_id is None:
            return gettext("always open")
        moment = timezone.now()
        return standing(weeks([group.hours_id], moment)[group.hours_id], moment)

    def save_related(self, request: HttpRequest, form: forms.ModelForm[Group], formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        group = form.instance
        if not change:
            group_added.send(Group, group=group)
        reconsider([group.pk])
        access_changed.send(Group, user_id=0)  # who is a member of it sees its chats
        for words in _doubts(group):
            messages.warning(request, words)


def _doubts(group: Group) -> list[str]:
    """What was saved as wanted, and will hardly be meant."""
    facts = {"group": group, "hours": group.hours}
    members = list(able_members().filter(group=group).select_related("user"))
    doubts = []
    if group.is_active and not members:
        doubts.append(gettext("%(group)s has no members who are given chats: nobody can answer for it."))
    if group.hours and not group.hours.intervals.exists():
        doubts.append(gettext("%(hours)s has no open hour in the week: %(group)s opens on special days alone."))
    if group.policy == Policy.MANUAL and group.accept_seconds:
        doubts.append(gettext("%(group)s is picked up by hand, so the seconds to accept are not used."))
    if group.same_language_first and members and not any(member.user.languages for member in members):
        doubts.append(gettext("No member of %(group)s has a language written down, so none can come first."))
    return [words % facts for words in doubts]
