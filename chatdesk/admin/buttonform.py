from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chatdesk.logos import MAX_BYTES, small_logo
from chatdesk.models import Button, FieldRule
from chatdesk.validators import sites
from routing.models import Group

SETTINGS = (
    *("title", "slug", "label", "greeting", "colour", "position", "is_active", "group", "choices"),
    *("closed_text", "offline_text", "when_closed", "languages"),
    *("name_field", "email_field", "question_field", "question_label", "group_field"),
    *("typing_preview", "allowed_sites"),
)


class ButtonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What can't work is refused here, with what to do about it."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which the chat page may speak; the visitor's own is chosen among them. None: all of them."),
    )
    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at the top of the chat page. It is drawn anew, small and without metadata."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = Button
        fields = SETTINGS
        widgets = {
            "closed_text": forms.Textarea(attrs={"rows": 2}),
            "offline_text": forms.Textarea(attrs={"rows": 2}),
            "greeting": forms.Textarea(attrs={"rows": 2}),
            "allowed_sites": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "choices": forms.CheckboxSelectMultiple,
            "colour": forms.TextInput(attrs={"type": "color"}),
        }

    def clean_colour(self) -> str:
        return str(self.cleaned_data["colour"]).lower()

    def clean_logo_file(self) -> bytes:
        """The logo as it will be kept; nothing if none was chosen."""
        chosen = self.cleaned_data["logo_file"]
        return small_logo(chosen.read(MAX_BYTES + 1)) if chosen else b""

    def clean_allowed_sites(self) -> str:
        return "\n".join(dict.fromkeys(site.lower() for site in sites(self.cleaned_data["allowed_sites"])))

    def clean_group(self) -> Group | None:
        group: Group | None = self.cleaned_data["group"]
        if group and not group.is_active:
            raise ValidationError(
                _("%(group)s is switched off and takes no chats: choose another group, or switch it on first.")
                % {"group": group}
            )
        return group

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_question(cleaned)
        if cleaned.get("is_active") and "group" in cleaned and not cleaned["group"]:
            self._check_choice(list(cleaned.get("choices") or ()))
        return cleaned

    def _check_question(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("question_field") not in (None, FieldRule.OFF) and not cleaned.get("question_label", "").strip():
            self.add_error("question_label", _("Write the question that visitors are to answer, or set it to off."))

    def _check_choice(self, chosen: list[Group]) -> None:
        if any(group.is_active for group in chosen):
            return
        if chosen:
            self.add_error("choices", _("All of these are switched off: choose an active group, or none for all."))
        elif not Group.objects.filter(is_active=True).exists():
            self.add_error(
                "group",
                _("No routing group is active, so nobody could answer: make one, or switch the button off."),
            )
