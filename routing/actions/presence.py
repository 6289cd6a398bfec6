from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from routing import signals
from routing.assigner import settle
from routing.holding import put_back
from routing.locks import deciding
from routing.models import Presence, Request, State, Status
from routing.querysets import groups_of

LEASE = timedelta(seconds=40)
RENEW_EVERY = timedelta(seconds=15)  # one renewal may be lost, and the next be late, before the lease ends


def arrive(user_id: int) -> Presence:
    """The person is here for LEASE from now on, with the status they last chose; waiting chats come at once."""
    with deciding() as now:
        presence, made = Presence.objects.get_or_create(user_id=user_id, defaults={"lease_until": now + LEASE})
        was_here = not made and presence.is_here and presence.lease_until > now
        presence.is_here, presence.lease_until = True, now + LEASE
        presence.save(update_fields=["is_here", "lease_until"])
        if not was_here:
            tell([user_id])
            settle(groups_of([user_id]), now)
        return presence


def renew(user_ids: Collection[int]) -> int:
    """Prolong the leases of people who are still connected; how many lasted. Whose lease had ended arrives anew."""
    with deciding() as now:
        lasting = Presence.objects.filter(user_id__in=user_ids, is_here=True, lease_until__gt=now)
        renewed = lasting.update(lease_until=now + LEASE)
        if renewed < len(set(user_ids)):
            kept = Presence.objects.filter(user_id__in=user_ids, is_here=True, lease_until__gt=now)
            for user_id in sorted(set(user_ids) - set(kept.values_list("user_id", flat=True))):
                arrive(user_id)
        return renewed


def welcome_back() -> int:
    """The desk itself was away: whoever was here has a whole lease to come back. Returns how many."""
    with deciding() as now:
        return Presence.objects.filter(is_here=True).update(lease_until=now + LEASE)


def sign_in(user_id: int) -> None:
    """The person has signed in; who is to begin as unavailable does, unless they are here already elsewhere."""
    with deciding() as now:
        starts = User.objects.filter(pk=user_id, user_type__starts_unavailable=True)
        if starts.exists() and not Presence.objects.filter(user_id=user_id, is_here=True, lease_until__gt=now).exists():
            set_status(user_id, Status.UNAVAILABLE)


def set_status(user_id: int, status: Status) -> Presence:
    """What the person chose; kept while they are away. Chats they hold stay theirs."""
    with deciding() as now:
        start = {"is_here": False, "lease_until": now}
        presence, _made = Presence.objects.get_or_create(user_id=user_id, defaults=start)
        if presence.status != status:
            presence.status = status
            presence.save(update_fields=["status"])
            tell([user_id])
            settle(groups_of([user_id]), now)
        return presence


def leave(user_id: int) -> list[Request]:
    """The person signs out: the lease ends now, and what they held goes back to the queue. Returns what went back."""
    with deciding() as now:
        ended = Presence.objects.filter(user_id=user_id, is_here=True).update(is_here=False, lease_until=now)
        if ended:
            tell([user_id])
        return requeue(Q(operator_id=user_id), groups_of([user_id]), now)


def tell(user_ids: Collection[int]) -> None:
    for user_id in user_ids:
        signals.presence_changed.send(Presence, user_id=user_id)


def requeue(whose: Q, group_ids: Collection[int] | None, now: datetime) -> list[Request]:
    """Put their chats back, then assign in these groups (None: in all); what went back."""
    held = Request.objects.filter(whose, state=State.ACTIVE).select_related("group", "operator").order_by("arrived_at")
    back = []
    for request in held:
        lost = request.operator if request.accept_by is None else None  # whom the visitor never met is not missed
        since, passed_by = (now, []) if lost else (request.waiting_since, request.passed_by)  # then it waited all along
        if put_back(request, request.group, None, since, passed_by):
            back.append(request)
            signals.request_requeued.send(Request, request=request, lost=lost)
    queues = {request.group_id for request in back}
    settle(None if group_ids is None else queues | set(group_ids), now, changed=queues)
    return back
