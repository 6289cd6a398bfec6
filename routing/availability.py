from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from django.db.models.functions import Now

from accounts.models import User
from routing.models import Group, Membership, Presence, Status
from routing.querysets import candidates, held, here

GroupState = Literal["online", "busy", "offline"]


class Colleague(NamedTuple):
    user: User
    active: int
    limit: int
    status: Status

    @property
    def is_free(self) -> bool:
        return self.status == Status.AVAILABLE and self.active < self.limit


def group_state(group: Group) -> GroupState:
    return group_states([group])[group.pk]


def group_states(groups: Iterable[Group]) -> dict[int, GroupState]:
    """online: somebody is here and available with a free place; busy: all of these are full; offline: nobody is."""
    all_of_them = list(groups)
    people = candidates([group.pk for group in all_of_them if group.is_active], Now())
    return {group.pk: _state([one.has_place for one in people.get(group.pk, [])]) for group in all_of_them}


def _state(places: list[bool]) -> GroupState:
    if not places:
        return "offline"
    return "online" if any(places) else "busy"


def members_available(group: Group) -> list[Colleague]:
    """The members who may work, free ones first, then by name; who is not here is shown as unavailable."""
    members = Membership.objects.filter(group=group, user__is_active=True, chat_limit__gt=0).select_related("user")
    people = {member.user_id: member for member in members}
    active = held(people)
    present = dict(here(Now()).filter(user_id__in=people).values_list("user_id", "status"))
    shown = [
        Colleague(member.user, active[user_id], member.chat_limit, Status(present.get(user_id, Status.UNAVAILABLE)))
        for user_id, member in people.items()
    ]
    return sorted(
        shown, key=lambda one: (not one.is_free, one.status != Status.AVAILABLE, one.user.display_name.lower())
    )


def is_here(user: User) -> bool:
    return here(Now()).filter(user=user).exists()


def status_of(user: User) -> Status:
    """What they last chose, here or not."""
    presence = Presence.objects.filter(user=user).first()
    return Status(presence.status) if presence else Status.AVAILABLE
