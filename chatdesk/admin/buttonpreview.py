"""The button and its page as the form has them just now: rendered for the admin alone, and nothing is stored."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.forms import inlineformset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import activate, get_language
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.buttonform import ButtonForm
from chatdesk.buttonwords import ButtonWords, words_of
from chatdesk.models import BUTTON_TEXTS, Button, ButtonText
from chatdesk.protocol import ButtonState
from chatdesk.states import spoken
from chatdesk.views.launcher import launcher_facts
from chatdesk.views.visitor.address import logo_url
from chatdesk.views.visitor.answer import rendered
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.colours import drawn_in
from routing.models import Group
from routing.opening import next_opening

STATES = {
    "online": _("somebody is here"),
    "busy": _("all are busy"),
    "masked": _("closed"),
    "offline": _("nobody is here"),
}
SCHEMES = ("light", "dark")
NO_NAME = "preview"  # what a button is called that has no short name yet
TextForms = inlineformset_factory(Button, ButtonText, fields=("language", *BUTTON_TEXTS), extra=0)


class Previewed(Asked):
    """The page of a button that is not stored, in a state that is only supposed."""

    still = True

    def __init__(self, request: HttpRequest, form: ButtonForm) -> None:
        super().__init__(request, form.instance, None)
        self._cleaned: Mapping[str, Any] = form.cleaned_data
        self._supposed = _chosen(request, "preview_state", STATES)
        self.scheme = _chosen(request, "preview_scheme", SCHEMES)

    @cached_property
    def typed(self) -> Mapping[str, str]:
        return {}

    @cached_property
    def words(self) -> ButtonWords:
        return words_of(self.button, get_language(), _texts(self.request))

    @cached_property
    def groups(self) -> list[Group]:
        if self.button.group is not None:
            return [self.button.group]
        chosen = [group for group in self._cleaned.get("choices") or () if group.is_active]
        return chosen or list(Group.objects.filter(is_active=True))

    @cached_property
    def state(self) -> ButtonState:
        return spoken(_state(self.button.slug, self._supposed, self.groups), self.words)

    @cached_property
    def logo(self) -> str:
        data = self._cleaned.get("logo_file")
        if data:
            return f"data:image/webp;base64,{base64.b64encode(data).decode()}"
        return "" if self._cleaned.get("remove_logo") else logo_url(self.button)


def show_preview(model_admin: ModelAdmin[Button], request: HttpRequest) -> HttpResponse:
    """A page that stands for the admin's own, with the real launcher and the real chat page in it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    activate(_chosen(request, "preview_language", dict(settings.LANGUAGES)))
    asked = Previewed(request, _form(request))
    facts = {
        "launcher": launcher_facts(asked.button, asked.state, asked.words),
        "page": rendered(asked).content.decode(),
    }
    shown = {"asked": asked, "tokens": drawn_in(asked.scheme), "facts": facts}
    return render(request, "admin/chatdesk/stage.html", shown)


def _form(request: HttpRequest) -> ButtonForm:
    """The form with what was sent. What is valid of it stands in its instance, what is not stays as it was stored."""
    stored = Button.objects.filter(pk=_number(request.POST.get("preview_of", ""))).first()
    button = stored or Button(slug=NO_NAME)
    columns = {field.name: field.attname for field in button._meta.concrete_fields}
    before = {name: getattr(button, column) for name, column in columns.items()}
    form = ButtonForm(request.POST, request.FILES, instance=button)
    for name in columns.keys() & form.errors.keys():
        setattr(button, columns[name], before[name])
    return form


def _texts(request: HttpRequest) -> list[ButtonText]:
    forms = TextForms(request.POST, instance=Button(), prefix="texts")
    forms.is_valid()
    rows: list[Any] = [one for one in forms.forms if not one.cleaned_data.get("DELETE")]
    return [one.instance for one in rows if one.instance.language]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _chosen(request: HttpRequest, name: str, among: Iterable[str]) -> str:
    known = list(among)
    value = request.POST.get(name, "")
    return value if value in known else known[0]


def _state(slug: str, supposed: str, groups: list[Group]) -> ButtonState:
    return ButtonState(
        button=slug,
        state=supposed,
        groups={group.slug: supposed for group in groups},
        wait_seconds=120 if supposed in ("online", "busy") else None,
        waiting=2 if supposed == "busy" else None,
        opens_at=_opening(groups) if supposed == "masked" else None,
    )


def _opening(groups: list[Group]) -> datetime:
    """The next opening of groups that are closed now; for others, tomorrow at nine."""
    now = timezone.now()
    opens_at = next_opening(groups, now)
    if opens_at is not None and opens_at > now:
        return opens_at
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
