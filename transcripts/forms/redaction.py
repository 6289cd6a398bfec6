from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transcripts.actions.exporting.told import Told
from transcripts.actions.redacting.covering import NAMING
from transcripts.actions.redacting.making import NOTE_CHARS, Why
from transcripts.actions.redacting.pointing import fields_of
from transcripts.kinds import Kind
from transcripts.models import RedactionReason

MOST_WORDS = 5000
FIELDS: dict[str, str | Promise] = {
    "": _("all of it"),
    "body": _("the text"),
    "name": _("the name"),
    "document": _("the file itself"),
    "email": _("the e-mail address"),
    "question": _("the answer in the form"),
    "page": _("the page they came from"),
    "referrer": _("where they were before"),
    "subject": _("the subject"),
    "folded": _("what was folded away"),
    "sha256": _("the hash of the original"),
}


def field_word(name: str, kind: str = "") -> str:
    """What a field is called."""
    if name == "name" and kind == Kind.FILE:
        return str(_("the name of the file"))
    return str(FIELDS.get(name, name))


class WhyForm(forms.Form):
    """Why something is covered."""

    reason = forms.ModelChoiceField(
        queryset=RedactionReason.objects.filter(is_offered=True),
        label=_("Reason"),
        empty_label=None,
        help_text=_("Stands in every copy, in place of what is covered."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=NOTE_CHARS,
        required=False,
        help_text=_("For compliance alone; in no copy. Do not repeat here what is covered."),
    )

    def why(self) -> Why:
        return Why(self.cleaned_data["reason"].pk, self.cleaned_data["note"])


class RecordForm(WhyForm):
    """What of one record is covered. `start` and `end` come from a selection on the page."""

    field = forms.ChoiceField(label=_("What"), required=False)
    words = forms.CharField(
        label=_("Only these words"),
        max_length=MOST_WORDS,
        required=False,
        strip=False,
        help_text=_("As they stand there; capital letters do not matter. Empty: all of it."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
    )
    start = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    field_order = ("field", "words", "reason", "note")

    def __init__(self, *args: Any, told: Told, **options: Any) -> None:
        super().__init__(*args, **options)
        names = fields_of(told)
        if names == ["name"] and told.kind in NAMING:  # a name is covered as a whole, everywhere
            self.fields["words"].widget = forms.HiddenInput()
        choices = [(name, _word(name, told)) for name in (["", *names] if len(names) > 1 else names)]
        self.fields["field"] = forms.ChoiceField(
            label=_("What"), choices=choices, required=False, widget=forms.RadioSelect, initial=choices[0][0]
        )


def _word(name: str, told: Told) -> str:
    if name == "name" and told.kind in NAMING:
        return str(_("the name, everywhere in this conversation"))
    return field_word(name, told.kind)


class WordsForm(WhyForm):
    """The same words wherever they stand."""

    words = forms.CharField(
        label=_("Words"),
        max_length=500,
        help_text=_("Found however they are written: capital letters, accents and white space do not matter."),
        widget=forms.TextInput(attrs={"dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
    )
    whole = forms.BooleanField(label=_("Only as whole words"), required=False, initial=True)
    field_order = ("words", "whole", "reason", "note")
