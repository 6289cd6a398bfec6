"""What an admin writes about a person, checked so that nobody locks the last admin, or themselves, out."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.gate import decide
from accounts.languages import LanguagesField
from accounts.models import User
from accounts.parts import PEOPLE
from accounts.permissions import AnyUser
from accounts.querysets import is_last_admin


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    editor: ClassVar[AnyUser | None] = None
    address: ClassVar[str] = ""

    languages = LanguagesField(
        label=capfirst(gettext_lazy("languages")),
        required=False,
        help_text=gettext_lazy("Those this person speaks with visitors, such as de, en."),
    )

    class Meta:
        model = User
        fields = ["email", "display_name", "user_type", "languages", "is_active"]
        help_texts = {
            "user_type": gettext_lazy("What this person opens and may do. Without one: the own profile, and no more.")
        }

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if self.instance.pk and not self._stays_admin(facts):
            self._refuse_loss()
        elif self.instance.pk and self._is_own():
            self._refuse_shut_out(facts)
        return facts

    def _is_own(self) -> bool:
        return self.editor is not None and self.instance.pk == self.editor.pk

    def _stays_admin(self, facts: dict[str, Any]) -> bool:
        kind = facts.get("user_type")
        return bool(facts.get("is_active")) and (self.instance.is_superuser or bool(kind and kind.opens_part(PEOPLE)))

    def _refuse_loss(self) -> None:
        field = "user_type" if self.cleaned_data.get("is_active") else "is_active"
        if is_last_admin(self.instance):
            self.add_error(field, _("This is the last admin. Make somebody else an admin first."))
        elif self._is_own():
            self.add_error(field, _("That would lock you out yourself. Another admin can do it."))

    def _refuse_shut_out(self, facts: dict[str, Any]) -> None:
        then = User(is_superuser=self.instance.is_superuser, user_type=facts.get("user_type"))
        then.rules_lifted_until = self.instance.rules_lifted_until
        if decide(then, self.address).code in ("hours", "address"):
            words = _("That would lock you out yourself: people of this type may not be signed in from here and now.")
            self.add_error("user_type", words)
