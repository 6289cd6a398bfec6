"""What an admin writes about a user type, checked so that nobody locks the last admin, or themselves, out."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import parse
from accounts.clocks import own_zone, zone_names
from accounts.models import EVERY_PART, LoginWindow, User, UserType
from accounts.models.user_type import DEEDS, every_part
from accounts.parts import PEOPLE, all_parts
from accounts.permissions import AnyUser
from accounts.querysets import leaves_no_admin
from accounts.rules import networks
from accounts.windows import Window, open_until

Fields = tuple[str, ...]

MODULES: Fields = ("opens_dashboard", "opens_transcripts", "opens_admin", "admin_parts")
CHATS: Fields = ("see", *DEEDS, "monitors_silently", "whispers")
PRESENCE: Fields = ("starts_unavailable", "counts_for_presence")
RULES: Fields = ("zone", "networks", "grace_minutes")
SESSIONS: Fields = ("session_hours", "idle_minutes", "needs_second_factor")


def part_choices() -> list[tuple[str, Any]]:
    return [
        (EVERY_PART, gettext_lazy("Everything, also what is added later")),
        *((part.key, part.name) for part in all_parts()),
    ]


def is_own(kind: UserType, editor: AnyUser | None) -> bool:
    """Whether the rules of this type hold for the person who edits it now."""
    return isinstance(editor, User) and editor.user_type_id is not None and editor.user_type_id == kind.pk


class UserTypeForm(forms.ModelForm):  # type: ignore[type-arg]
    editor: ClassVar[AnyUser | None] = None
    address: ClassVar[str] = ""

    admin_parts = forms.MultipleChoiceField(
        label=gettext_lazy("Admin parts"),
        help_text=UserType._meta.get_field("admin_parts").help_text,
        choices=part_choices,
        initial=every_part,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=UserType._meta.get_field("zone").help_text,
        choices=lambda: [(name, name) for name in sorted(zone_names())],
        initial=own_zone,
    )

    class Meta:
        model = UserType
        fields = ["name", *MODULES, *CHATS, *PRESENCE, *RULES, *SESSIONS]
        widgets = {"networks": forms.Textarea(attrs={"rows": 4, "cols": 48, "spellcheck": "false"})}

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("opens_admin") and not facts.get("admin_parts"):
            self.add_error("admin_parts", _("Choose at least one part, or let this type not open the admin pages."))
        if self.instance.pk and not _opens_people(facts):
            self._refuse_loss("opens_admin" if not facts.get("opens_admin") else "admin_parts")
        return facts

    def clean_networks(self) -> str:
        text = str(self.cleaned_data["networks"])
        if is_own(self.instance, self.editor) and not _let_in(text, self.address):
            words = _("That would lock you out yourself: you are at %(address)s, which none of these holds.")
            raise ValidationError(words % {"address": self.address or "?"})
        return text

    def _refuse_loss(self, field: str) -> None:
        if leaves_no_admin(~Q(user_type=self.instance, is_superuser=False)):
            self.add_error(field, _("The last admins are of this user type. Make somebody else an admin first."))
        elif is_own(self.instance, self.editor) and not getattr(self.editor, "is_superuser", False):
            self.add_error(field, _("That would lock you out yourself: it is your own user type."))


class WindowForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LoginWindow
        fields = ["weekday", "start", "end"]
        widgets = {name: forms.TimeInput(format="%H:%M", attrs={"type": "time"}) for name in ("start", "end")}


class WindowFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    editor: ClassVar[AnyUser | None] = None

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not is_own(self.instance, self.editor):
            return
        windows = self._windows()
        if windows and not open_until(windows, ZoneInfo(self.instance.zone), timezone.now()).is_open:
            raise ValidationError(_("That would lock you out yourself: these hours leave out this very moment."))

    def _windows(self) -> tuple[Window, ...]:
        """What would be kept of the rows shown."""
        kept = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        facts = [form.cleaned_data for form in kept if form.cleaned_data.get("start") is not None]
        return tuple(Window(each["weekday"], each["start"], each["end"]) for each in facts)


def _opens_people(facts: dict[str, Any]) -> bool:
    return bool(facts.get("opens_admin")) and bool({EVERY_PART, PEOPLE} & set(facts.get("admin_parts") or ()))


def _let_in(text: str, address: str) -> bool:
    known = parse(address)
    return not networks(text) or any(known in network for network in networks(text) if known is not None)
