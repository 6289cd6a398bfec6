"""What an admin writes about people, checked so that nobody locks the last admin out."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, UserType
from accounts.permissions import AnyUser
from accounts.querysets import admins


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    editor: ClassVar[AnyUser | None] = None

    class Meta:
        model = User
        fields = ["email", "display_name", "user_type", "is_active"]
        help_texts = {
            "user_type": gettext_lazy("What this person opens and may do. Without one: the own profile, and no more.")
        }

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if self.instance.pk and not self._stays_admin(facts):
            self._refuse_loss()
        return facts

    def _stays_admin(self, facts: dict[str, Any]) -> bool:
        kind = facts.get("user_type")
        return bool(facts.get("is_active")) and (self.instance.is_superuser or bool(kind and kind.opens_admin))

    def _refuse_loss(self) -> None:
        field = "user_type" if self.cleaned_data.get("is_active") else "is_active"
        if is_last_admin(self.instance):
            self.add_error(field, _("This is the last admin. Make somebody else an admin first."))
        elif self.editor is not None and self.instance.pk == self.editor.pk:
            self.add_error(field, _("That would lock you out yourself. Another admin can do it."))


class UserTypeForm(forms.ModelForm):  # type: ignore[type-arg]
    editor: ClassVar[AnyUser | None] = None

    class Meta:
        model = UserType
        fields = [
            "name",
            "opens_dashboard",
            "opens_transcripts",
            "opens_admin",
            "see",
            "answer",
            "take",
            "transfer",
            "close",
        ]

    def clean_opens_admin(self) -> bool:
        opens_admin = bool(self.cleaned_data["opens_admin"])
        if self.instance.pk and not opens_admin:
            self._refuse_loss()
        return opens_admin

    def _refuse_loss(self) -> None:
        editor = self.editor
        if admins().exists() and not admins().exclude(user_type=self.instance, is_superuser=False).exists():
            raise forms.ValidationError(_("The last admins are of this user type. Make somebody else an admin first."))
        if isinstance(editor, User) and editor.user_type_id == self.instance.pk and not editor.is_superuser:
            raise forms.ValidationError(_("That would lock you out yourself: it is your own user type."))


def is_last_admin(user: User) -> bool:
    return admins().filter(pk=user.pk).exists() and not admins().exclude(pk=user.pk).exists()
