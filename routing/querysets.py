from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Scope
from routing.models import Group, Membership, Policy, Presence, Request, State, Status
from routing.pick import Candidate, Rules, Wish

Moment = datetime | Now
ANSWERING = [scope for scope in Scope if scope != Scope.NONE]


def may_answer(person: str = "") -> Q:
    """Whose user type lets them answer chats at the desk. `person` is the way to them, such as `user__`."""
    kind = f"{person}user_type__"
    allowed = Q(**{f"{kind}opens_dashboard": True, f"{kind}answer__in": ANSWERING})
    return Q(**{f"{person}is_superuser": True}) | allowed


def here(now: Moment) -> QuerySet[Presence]:
    """Who is here: the lease lasts, and they may still answer at the desk."""
    return Presence.objects.filter(may_answer("user__"), lease_until__gt=now, user__is_active=True)


def available(now: Moment) -> QuerySet[Presence]:
    """Who is here and would have another chat; not in the last minutes of their log-in window."""
    may_begin = Q(no_new_after__isnull=True) | Q(no_new_after__gt=now)
    return here(now).filter(may_begin, status=Status.AVAILABLE)


def held(user_ids: Iterable[int]) -> Counter[int]:
    """How many chats each of them holds, in all groups together."""
    active = Request.objects.filter(state=State.ACTIVE, operator_id__in=set(user_ids))
    return Counter(dict(active.values_list("operator_id").annotate(Count("pk")).order_by()))


def groups_of(user_ids: Iterable[int]) -> set[int]:
    return set(Membership.objects.filter(user_id__in=set(user_ids)).values_list("group_id", flat=True))


def able_members() -> QuerySet[Membership]:
    """Who can be given chats of a group whenever they are here and available: the one meaning of it everywhere."""
    able = Membership.objects.filter(may_answer("user__"), user__is_active=True, chat_limit__gt=0)
    return able.exclude(user__user_type__counts_for_presence=False)


def candidates(group_ids: Collection[int], now: Moment) -> dict[int, list[Candidate]]:
    """Group by group, the members who are here, available and given chats at all, full or not."""
    rows = list(
        able_members()
        .filter(group_id__in=group_ids, user__presence__in=available(now))
        .annotate(idle_since=F("user__presence__idle_since"), given_at=F("user__presence__given_at"))
        .values_list("group_id", "user_id", "priority", "chat_limit", "idle_since", "given_at", "user__languages")
    )
    active = held(row[1] for row in rows)
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for group_id, user_id, priority, limit, idle_since, given_at, languages in rows:
        speaks = frozenset(short_language(language) for language in languages)
        found[group_id].append(Candidate(user_id, priority, active[user_id], limit, idle_since, given_at, speaks))
    return found


def rules_of(groups: Collection[Group]) -> dict[int, Rules]:
    """How each of them hands out, by number, with the room that is left now."""
    limited = [group.pk for group in groups if group.chat_limit]
    active = Counter[int]()
    if limited:
        rows = Request.objects.filter(state=State.ACTIVE, group_id__in=limited).values_list("group_id")
        active.update(dict(rows.annotate(Count("pk")).order_by()))
    return {group.pk: _rules(group, active[group.pk]) for group in groups}


def _rules(group: Group, active: int) -> Rules:
    return Rules(
        policy=Policy(group.policy),
        same_language_first=group.same_language_first,
        pause=timedelta(seconds=group.pause_seconds),
        room=group.chat_limit - active if group.chat_limit else None,
    )


def wish_of(request: Request) -> Wish:
    return Wish(short_language(request.language), request.given_by_id, frozenset(request.passed_by))


def short_language(code: str) -> str:
    """The language of a code (RFC 5646), without its region: de of de-AT."""
    return code.replace("_", "-").partition("-")[0].lower()


def waiting(group_ids: Collection[int]) -> QuerySet[Request]:
    """In the order of arrival."""
    return Request.objects.filter(state=State.WAITING, group_id__in=group_ids).order_by("arrived_at", "pk")


def full_queues(groups: Iterable[Group]) -> set[int]:
    """Those of the groups, by number, in which as many wait as the group lets wait."""
    limits = {group.pk: group.queue_limit for group in groups if group.queue_limit}
    if not limits:
        return set()
    rows = Request.objects.filter(state=State.WAITING, group_id__in=limits).values_list("group_id")
    return {pk for pk, count in rows.annotate(Count("pk")).order_by() if count >= limits[pk]}


def queues_to_drain(group_ids: Collection[int] | None) -> list[Group]:
    """Those of the groups (None: of all) that assign by themselves and have somebody waiting."""
    somebody = Request.objects.filter(state=State.WAITING, group=OuterRef("pk"))
    queues = Group.objects.filter(Exists(somebody)).exclude(policy=Policy.MANUAL)
    if group_ids is not None:
        queues = queues.filter(pk__in=group_ids)
    return list(queues.order_by())


def limit_of(user_id: int, group_id: int) -> int | None:
    """The person's limit in this group; for an outsider of it the highest of their own; None: in no group at all."""
    limits = dict(Membership.objects.filter(user_id=user_id).values_list("group_id", "chat_limit"))
    return limits.get(group_id, max(limits.values(), default=None))
