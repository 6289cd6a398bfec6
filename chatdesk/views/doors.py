"""The first page: where each kind of person goes, and whether somebody is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from chatdesk.models import Button
from chatdesk.states import button_states

MOST_BUTTONS = 50


@dataclass(frozen=True)
class ChatDoor:
    title: str
    url: str
    state: str  # online, busy or offline


@require_safe
@never_cache
def doors(request: HttpRequest) -> HttpResponse:
    """Where to go: for visitors, for people who work here, for admins."""
    facts = {"chat_doors": _chat_doors(), "nobody_yet": not User.objects.exists()}
    return render(request, "doors/doors.html", facts)


def _chat_doors() -> list[ChatDoor]:
    buttons = list(Button.objects.filter(is_active=True).select_related("group")[:MOST_BUTTONS])
    states = button_states(buttons)
    return [ChatDoor(button.title, _address(button), states[button.slug].state) for button in buttons]


def _address(button: Button) -> str:
    return "/chat/" if button.slug == "default" else f"/chat/{button.slug}/"
