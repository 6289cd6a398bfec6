from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["display_name"]
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "nickname"})}


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Choose a photo"),
        allow_empty_file=True,  # the action says what is wrong with it, in our own words
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, up to 5 MB. It is cut square; place and camera details are removed."),
        error_messages={"required": _("Choose a file first.")},
    )
