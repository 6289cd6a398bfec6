from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, User
from accounts.permissions import may, opens
from routing.models import DirectoryMembers, Membership


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
        if not opens(user, "dashboard") or may(user, "answer") == Scope.NONE:
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
