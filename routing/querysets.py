from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from routing.models import Group, Membership, Policy, Presence, Request, State, Status
from routing.pick import Candidate

Moment = datetime | Now


def here(now: Moment) -> QuerySet[Presence]:
    """Who is here: the lease lasts, and they may still work at the desk."""
    may_work = Q(user__is_superuser=True) | Q(user__user_type__opens_dashboard=True)
    return Presence.objects.filter(may_work, lease_until__gt=now, user__is_active=True)


def available(now: Moment) -> QuerySet[Presence]:
    return here(now).filter(status=Status.AVAILABLE)


def held(user_ids: Iterable[int]) -> Counter[int]:
    """How many chats each of them holds, in all groups together."""
    active = Request.objects.filter(state=State.ACTIVE, operator_id__in=set(user_ids))
    return Counter(dict(active.values_list("operator_id").annotate(Count("pk")).order_by()))


def groups_of(user_ids: Iterable[int]) -> set[int]:
    return set(Membership.objects.filter(user_id__in=set(user_ids)).values_list("group_id", flat=True))


def candidates(group_ids: Collection[int], now: Moment) -> dict[int, list[Candidate]]:
    """Group by group, the members who are here, available and given chats at all, full or not."""
    rows = list(
        Membership.objects.filter(group_id__in=group_ids, chat_limit__gt=0, user__presence__in=available(now))
        .annotate(idle_since=F("user__presence__idle_since"))
        .values_list("group_id", "user_id", "priority", "chat_limit", "idle_since")
    )
    active = held(user_id for _, user_id, *_ in rows)
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for group_id, user_id, priority, limit, idle_since in rows:
        found[group_id].append(Candidate(user_id, priority, active[user_id], limit, idle_since))
    return found


def waiting(group_ids: Collection[int]) -> QuerySet[Request]:
    """In the order of arrival."""
    return Request.objects.filter(state=State.WAITING, group_id__in=group_ids).order_by("arrived_at", "pk")


def queues_to_drain(group_ids: Collection[int] | None) -> list[int]:
    """Those of the groups (None: of all) that assign by themselves and have somebody waiting."""
    somebody = Request.objects.filter(state=State.WAITING, group=OuterRef("pk"))
    queues = Group.objects.filter(Exists(somebody)).exclude(policy=Policy.MANUAL)
    if group_ids is not None:
        queues = queues.filter(pk__in=group_ids)
    return list(queues.order_by().values_list("pk", flat=True))


def limit_of(user_id: int, group_id: int) -> int | None:
    """The person's limit in this group; for an outsider of it the highest of their own; None: in no group at all."""
    limits = dict(Membership.objects.filter(user_id=user_id).values_list("group_id", "chat_limit"))
    return limits.get(group_id, max(limits.values(), default=None))
