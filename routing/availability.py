from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from django.db.models.functions import Now

from accounts.models import User
from routing.models import Group, Membership, Presence, Status
from routing.opening import open_groups
from routing.pick import has_room
from routing.querysets import candidates, full_queues, held, here, rules_of

GroupState = Literal["online", "busy", "masked", "offline"]


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


def group_states(groups: Collection[Group]) -> dict[int, GroupState]:
    """online: somebody is here and available with a free place; busy: all of these are full, or the group is.

    masked: closed by its hours, whoever is here; offline: open, and nobody is here.
    """
    active = [group for group in groups if group.is_active]
    people, rules = candidates([group.pk for group in active], Now()), rules_of(active)
    is_open, full = open_groups(active), full_queues(active)
    states = dict.fromkeys((group.pk for group in groups), _state([]))
    for group in active:
        room = has_room(rules[group.pk]) and group.pk not in full
        places = [one.has_place and room for one in people.get(group.pk, [])]
        states[group.pk] = _state(places) if group.pk in is_open else "masked"
    return states


def _state(places: list[bool]) -> GroupState:
    if not places:
        return "offline"
    return "online" if any(places) else "busy"


def members_available(groups: Collection[Group]) -> dict[int, list[Colleague]]:
    """By group, the members who may work, free ones first, then by name; who is not here is shown as unavailable."""
    able = Membership.objects.filter(group__in=groups, user__is_active=True, chat_limit__gt=0)
    members = list(able.select_related("user__user_type"))
    people = {member.user_id for member in members}
    active, present = held(people), dict(here(Now()).filter(user_id__in=people).values_list("user_id", "status"))
    shown: dict[int, list[Colleague]] = {group.pk: [] for group in groups}
    for member in members:
        status = Status(present.get(member.user_id, Status.UNAVAILABLE))
        shown[member.group_id].append(Colleague(member.user, active[member.user_id], member.chat_limit, status))
    return {pk: sorted(those, key=_free_ones_first) for pk, those in shown.items()}


def _free_ones_first(one: Colleague) -> tuple[bool, bool, str]:
    return not one.is_free, one.status != Status.AVAILABLE, one.user.display_name.lower()


def status_of(user: User) -> Status:
    """What they last chose, here or not."""
    presence = Presence.objects.filter(user=user).first()
    return Status(presence.status) if presence else Status.AVAILABLE
