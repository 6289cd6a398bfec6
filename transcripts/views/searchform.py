"""The fields beside the line of a search; what they hold becomes filters of the line."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Button
from routing.models import Group
from transcripts.query import CHANNELS, PLACES, STATES

# Names and addresses of visitors stand in the line: it travels in the body of a form, and never in an address.
WORDS_OF_CHANNELS = {"chat": _("live chat"), "mail": _("mail"), "message": _("offline message")}
WORDS_OF_STATES = {
    "open": _("open"),
    "closed": _("closed"),
    "erased": _("deleted by the visitor"),
    "held": _("on legal hold"),
    "restricted": _("restricted"),
    "quarantined": _("quarantined"),
}
WORDS_OF_PLACES = {
    "said": _("what was said"),
    "notes": _("notes"),
    "files": _("file names"),
    "subjects": _("mail subjects"),
    "forms": _("answers in forms"),
}
ANY = ("", _("any"))


class SearchForm(forms.Form):
    q = forms.CharField(required=False, label=_("Words and filters"), strip=True)
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    zone = forms.CharField(required=False, max_length=60, label=_("Time zone"))
    operator = forms.CharField(required=False, max_length=120, label=_("Operator"))
    visitor = forms.CharField(required=False, max_length=254, label=_("Visitor"))
    group = forms.ChoiceField(required=False, label=_("Group"))
    button = forms.ChoiceField(required=False, label=_("Button"))
    channel = forms.ChoiceField(
        required=False, label=_("Channel"), choices=[ANY, *((c, WORDS_OF_CHANNELS[c]) for c in CHANNELS)]
    )
    state = forms.ChoiceField(
        required=False, label=_("State"), choices=[ANY, *((s, WORDS_OF_STATES[s]) for s in STATES)]
    )
    tag = forms.CharField(required=False, max_length=40, label=_("Tag"))
    ticket = forms.CharField(required=False, max_length=20, label=_("Ticket number"))
    file = forms.CharField(required=False, max_length=100, label=_("File name"))
    type = forms.CharField(required=False, max_length=100, label=_("File type"))
    hash = forms.CharField(required=False, max_length=64, label=_("File hash (SHA-256)"))
    places = forms.MultipleChoiceField(
        required=False,
        label=_("Words stand in"),
        choices=[(place, WORDS_OF_PLACES[place]) for place in PLACES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: object, **facts: object) -> None:
        super().__init__(*args, **facts)  # type: ignore[arg-type]
        self.fields["zone"].widget.attrs["placeholder"] = settings.TIME_ZONE
        for name, rows in (("group", Group.objects.order_by("name")), ("button", Button.objects.all())):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                labels = rows.values_list("slug", "name" if name == "group" else "title")
                field.choices = [ANY, *labels]

    def line(self) -> str:
        """The whole search as one line. Call it on a valid form."""
        given = self.cleaned_data
        names = {"since": "from", "until": "to"}
        single = ("since", "until", "zone", "operator", "visitor", "group", "button", "channel", "state")
        single += ("tag", "ticket", "file", "type", "hash")  # type: ignore[assignment]
        filters = [_filter(names.get(name, name), given[name]) for name in single if given[name]]
        filters += [f"in:{place}" for place in given["places"]]
        return " ".join([*filters, given["q"]])

    @property
    def is_detailed(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "q")


def _filter(name: str, value: object) -> str:
    text = str(value).replace('"', " ")
    return f'{name}:"{text}"'
