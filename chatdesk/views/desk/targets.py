"""Where a conversation can be handed over to, or whom one can invite into it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.actions.asking import people_there
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator, may_be_asked
from chatdesk.views.desk.door import desk_view
from routing.availability import Colleague, members_available
from routing.models import Group, State, Status
from routing.opening import open_groups


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a group, and in words why they can't be chosen (empty: they can)."""

    colleague: Colleague
    reason: str
    languages: str


@dataclass(frozen=True, slots=True)
class Target:
    """A group: how soon somebody of it could answer, and why it can't be chosen itself (empty: it can)."""

    group: Group
    state: str
    is_here: bool
    people: list[Person]
    reason: str


@desk_view
def targets(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """Every active group with its people, their load, and why somebody can't be chosen; `for=invite` to invite."""
    found = conversation_for_operator(user, ref, "transfer")
    inviting = request.GET.get("for") == "invite"
    context = {"conversation": found, "inviting": inviting, "targets": open_targets(user, found, inviting=inviting)}
    return render(request, "desk/_targets.html", context)


def open_targets(user: User, conversation: Conversation, *, inviting: bool) -> list[Target]:
    """The active groups, each with the people who could be asked at all and are not there already."""
    groups = list(Group.objects.filter(is_active=True))
    there = people_there(conversation) | {user.pk} if inviting else {conversation.request.operator_id}
    people, are_open = members_available(groups), open_groups(groups)

    def target(group: Group) -> Target:
        others = [one for one in people[group.pk] if one.user.pk not in there and may_be_asked(one.user)]
        return _target(group, conversation, others, inviting=inviting, is_open=group.pk in are_open)

    return [target(group) for group in groups]


def _target(
    group: Group, conversation: Conversation, others: list[Colleague], *, inviting: bool, is_open: bool
) -> Target:
    people = [Person(one, reason(one), languages(one.user)) for one in others]
    is_here = group.pk == conversation.group_id
    state = _state(people)
    why = _why_not(state, inviting=inviting, is_open=is_open)
    if is_here and not inviting and conversation.request.state == State.WAITING:
        why = _("it waits there")
    return Target(group, state, is_here, people, why)


def _why_not(state: str, *, inviting: bool, is_open: bool) -> str:
    """A queue can be left with those who come later, while the group is open; an invitation needs somebody now."""
    if not is_open:
        return _("outside its hours")
    if not inviting or state == "online":
        return ""
    return _("all busy") if state == "busy" else _("nobody is here")


def _state(people: list[Person]) -> str:
    """How soon somebody else of the group could answer: online, busy or offline."""
    if any(not one.reason for one in people):
        return "online"
    return "busy" if any(one.colleague.status == Status.AVAILABLE for one in people) else "offline"


def reason(colleague: Colleague) -> str:
    if colleague.is_free:
        return ""
    words = {Status.AWAY: _("away"), Status.UNAVAILABLE: _("not here"), Status.AVAILABLE: _("all places taken")}
    return words[colleague.status]


def languages(user: User) -> str:
    """The names of the languages this person speaks, in the reader's own; an unknown code as it is."""
    return ", ".join(_language(code) for code in user.languages)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
