"""Where a conversation can be handed over to."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.views.desk.door import desk_view
from routing.availability import Colleague, members_available
from routing.models import Group, Status


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a group, and in words why they can't be chosen (empty: they can)."""

    colleague: Colleague
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    group: Group
    state: str
    is_here: bool
    people: list[Person]


@desk_view
def targets(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """Every active group with its people, their load, and why somebody can't be chosen."""
    found = conversation_for_operator(user, ref, "transfer")
    return render(request, "desk/_targets.html", {"conversation": found, "targets": open_targets(found)})


def open_targets(conversation: Conversation) -> list[Target]:
    """The active groups, each with the people who don't hold this conversation already."""
    groups = Group.objects.filter(is_active=True)
    return [target(group, conversation) for group in groups]


def target(group: Group, conversation: Conversation) -> Target:
    holder = conversation.request.operator_id
    people = [Person(one, reason(one)) for one in members_available(group) if one.user.pk != holder]
    return Target(group, state(people), group.pk == conversation.group_id, people)


def state(people: list[Person]) -> str:
    """How soon somebody else of the group could answer: online, busy or offline."""
    if any(not one.reason for one in people):
        return "online"
    return "busy" if any(one.colleague.status == Status.AVAILABLE for one in people) else "offline"


def reason(colleague: Colleague) -> str:
    if colleague.is_free:
        return ""
    words = {Status.AWAY: _("away"), Status.UNAVAILABLE: _("not here"), Status.AVAILABLE: _("all places taken")}
    return words[colleague.status]
