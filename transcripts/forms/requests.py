"""What somebody fills in when a request of a person comes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from transcripts.actions.requesting import gate
from transcripts.actions.requesting.identities import NoIdentity, identities
from transcripts.actions.requesting.opening import Asked
from transcripts.models import RequestIdentity, SubjectRequest

By = RequestIdentity.Kind
# Field -> what its lines are.
FIELDS = {"emails": By.EMAIL, "phones": By.PHONE, "visitors": By.VISITOR, "names": By.NAME, "refs": By.CONVERSATION}


def lines(words: Any, help_text: Any = "") -> forms.CharField:
    """One thing on each line."""
    area = forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false", "autocomplete": "off"})
    return forms.CharField(required=False, max_length=4000, label=words, help_text=help_text, widget=area)


class GoesByForm(forms.Form):
    """Whatever the person goes by: at least one thing."""

    emails = lines(_("E-mail addresses"), _("One on each line, as in the fields below."))
    phones = lines(_("Telephone numbers"), _("With the country, such as +49 30 123456: it is found however written."))
    names = lines(_("Names"), _("Earlier ones too. Others may have the same: what a name finds has to be ticked."))
    visitors = lines(_("Visitor numbers"), _("As exports show them: visitor-12."))
    refs = lines(_("Conversations"), _("The reference that stands on a transcript."))

    def given(self) -> list[tuple[str, str]]:
        """What was given, with its kind. Call it on a valid form."""
        return [(kind, line) for field, kind in FIELDS.items() for line in self.cleaned_data[field].splitlines()]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                identities(self.given())
            except NoIdentity as problem:
                raise forms.ValidationError(str(problem)) from None
        return found


class RequestForm(GoesByForm):
    kind = forms.ChoiceField(choices=SubjectRequest.Kind.choices, label=_("What is asked for"))
    through = forms.ChoiceField(choices=SubjectRequest.Through.choices, label=_("How it came"))
    received_on = forms.DateField(
        label=_("Received on"),
        help_text=_("The month runs from this day, whoever received it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=gate.today,
    )
    words = forms.CharField(
        required=False, max_length=300, label=_("In short"), help_text=_("What they asked for, as far as it matters.")
    )
    field_order = ("kind", "through", "received_on", "words")

    def asked(self) -> Asked:
        facts = self.cleaned_data
        return Asked(facts["kind"], facts["through"], facts["received_on"], self.given(), facts["words"])
