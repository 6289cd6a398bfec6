from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from transcripts.models import RetentionPolicy
from transcripts.retention import classes, presets


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What somebody wants of a policy, and why. Whether it can be, and when it begins, is for the action to say."""

    reason = forms.CharField(
        label=_("Why this change"), min_length=3, max_length=300, help_text=_("Goes into the audit log.")
    )

    class Meta:
        model = RetentionPolicy
        fields = ("group", "data", "kind", "keep_days", "delete_days", "anchor", "export_first", "note")

    def __init__(self, *args: Any, preset: str = "", **facts: Any) -> None:
        chosen = presets.BY_KEY.get(preset)
        if chosen is not None:
            facts["initial"] = {
                "keep_days": chosen.keep_days,
                "delete_days": chosen.delete_days,
                "export_first": chosen.export_first,
                "note": str(chosen.name),
            }
        super().__init__(*args, **facts)
        self.fields["data"] = forms.ChoiceField(
            label=_("What"), choices=[(data.key, data.name) for data in classes.all_classes()]
        )
        group = self.fields["group"]
        if isinstance(group, forms.ModelChoiceField):
            group.empty_label = _("all groups")
        kinds = [("", _("every kind")), *((kind.key, kind.name) for kind in classes.all_kinds())]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of conversation"), choices=kinds, required=False)

    def validate_unique(self) -> None:
        """Said in words by `clean`: the rows' own constraint would name no field."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        same = {name: found.get(name) for name in ("group", "data")} | {"kind": found.get("kind") or ""}
        if RetentionPolicy.objects.filter(**same).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a policy for exactly this already. Change that one."))
        return found


class RestoreForm(forms.Form):
    reason = forms.CharField(label=_("Why it is still needed"), min_length=3, max_length=300)
    days = forms.IntegerField(
        label=_("Keep it for so many days"), min_value=1, max_value=3650, initial=90, help_text=_("Counted from today.")
    )
