"""The desk itself: the shell that lists and conversations are loaded into."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from accounts.models import Scope, User
from accounts.permissions import may
from chatdesk.sitelimits import site_settings
from chatdesk.views.desk.door import desk_view
from chatdesk.views.desk.lists import TABS, list_context
from chatdesk.views.desk.texts import script_texts
from routing.availability import status_of
from routing.models import Status

REF_IN_ADDRESS = "REF"


@desk_view
def page(request: HttpRequest, user: User) -> HttpResponse:
    """The desk with no conversation open."""
    return render(request, "desk/page.html", shell(request, user))


def shell(request: HttpRequest, user: User, open_ref: str = "") -> dict[str, Any]:
    """What the shell's templates need. `open_ref`: the conversation that stands open in it."""
    shown = tabs(user)
    wanted = request.GET.get("tab", "")
    chosen = list_context(user, wanted if wanted in shown else "mine", open_ref=open_ref)
    return {
        **chosen,
        "tabs": shown,
        "status": status_of(user),
        "statuses": Status.choices,
        "config": config(request, user),
        "accept_seconds": site_settings().accept_seconds,
    }


def tabs(user: User) -> dict[str, Any]:
    """The lists this person may look at, by their name in addresses. A lone group's list has the group's name."""
    shown: dict[str, Any] = dict(TABS)
    if may(user, "see") != Scope.ALL:
        del shown["all"]
    groups = list(user.routing_groups.values_list("name", flat=True)[:2])
    if len(groups) == 1:
        shown["groups"] = groups[0]
    return shown


def config(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the scripts need to know: who sits here, the addresses, the limits and the words."""
    limits = site_settings()
    return {
        "user": user.pk,
        "csrf": get_token(request),
        "list_url": reverse("chatdesk:desk-list", args=["TAB"]),
        "desk_url": reverse("chatdesk:desk"),
        "conversation_url": reverse("chatdesk:desk-conversation", args=[REF_IN_ADDRESS]),
        "sound_url": static("sounds/call.wav"),
        "message_chars": limits.message_limit,
        "file_mb": limits.file_limit_mb,
        "texts": script_texts(),
    }
