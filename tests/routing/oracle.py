"""What must hold between any two decisions, asked of the rows alone: nothing here calls the code that it judges."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from routing.models import Group, Membership, Policy, Request, State, Status


def loads() -> Counter[int]:
    return Counter(Request.objects.filter(state=State.ACTIVE).values_list("operator_id", flat=True))


def eligible() -> list[Membership]:
    """Memberships of people who are here, available, may answer, count as there, and are not about to go."""
    now = timezone.now()
    return list(
        Membership.objects.filter(
            Q(user__presence__no_new_after=None) | Q(user__presence__no_new_after__gt=now),
            user__user_type__counts_for_presence=True,
            user__presence__lease_until__gt=now,
            user__presence__status=Status.AVAILABLE,
            user__is_active=True,
            user__user_type__opens_dashboard=True,
            user__user_type__answer__in=["own", "groups", "all"],
            chat_limit__gt=0,
        ).select_related("user__presence")
    )


def rested(membership: Membership, group: Group) -> bool:
    given_at = membership.user.presence.given_at
    return given_at is None or given_at + timedelta(seconds=group.pause_seconds) <= timezone.now()


def takes(group: Group, request: Request) -> bool:
    """Whether the group may be given one more, and this one: hours here are round the clock or never."""
    held = Request.objects.filter(group=group, state=State.ACTIVE).count()
    is_open = group.hours is None or group.hours.intervals.exists()
    return (is_open or request.taken_at is not None) and (not group.chat_limit or held < group.chat_limit)


def queues() -> dict[int, list[Request]]:
    """What waits in the groups that assign by themselves, in the order of arrival."""
    waiting = Request.objects.filter(state=State.WAITING).exclude(group__policy=Policy.MANUAL)
    found: dict[int, list[Request]] = {}
    for request in waiting.order_by("arrived_at", "pk"):
        found.setdefault(request.group_id, []).append(request)
    return found


def stuck() -> list[str]:
    """Waiting chats that a free person should have been given."""
    active, people, complaints = loads(), eligible(), []
    for group_id, waiting in queues().items():
        group = Group.objects.get(pk=group_id)
        here = [one for one in people if one.group_id == group_id]
        for request in [one for one in waiting if takes(group, one)]:
            may = [one for one in here if one.user_id != request.given_by_id] or here
            may = [one for one in may if rested(one, group)]
            complaints += [
                f"request {request.pk} waits for group {group_id}; person {one.user_id} holds {active[one.user_id]}"
                for one in may
                if active[one.user_id] < one.chat_limit
            ]
    return complaints


def overloaded() -> list[str]:
    """People who hold more chats than any of their groups would let them; who is in no group has no limit."""
    most: dict[int, int] = {}
    for membership in Membership.objects.all():
        most[membership.user_id] = max(most.get(membership.user_id, 0), membership.chat_limit)
    return [
        f"{user} holds {count} of {most.get(user)}" for user, count in loads().items() if count > most.get(user, count)
    ]


def abandoned() -> list[int]:
    """Chats held by somebody who is not here."""
    gone = Request.objects.filter(state=State.ACTIVE).exclude(operator__presence__lease_until__gt=timezone.now())
    return list(gone.values_list("pk", flat=True))


def assert_sound() -> None:
    assert stuck() == []
    assert overloaded() == []
    assert abandoned() == []
