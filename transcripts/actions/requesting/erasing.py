"""Erasing what a person asked for, by the same destruction as everything; what has to be kept is restricted instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from chatdesk.models import Conversation
from transcripts import sight
from transcripts.actions import custody
from transcripts.actions.requesting import gate
from transcripts.actions.requesting.keeping import Kept, kept, locked
from transcripts.actions.requesting.restricting import restrict_item
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.proposing import check_staff
from transcripts.actions.retaining.waiting import ALIVE, BY_REQUEST
from transcripts.models import Disposition, Purpose, RequestItem, SubjectRequest
from transcripts.retention.rules import WHOLE

State = RequestItem.State
TO_ERASE = Q(state=State.FOUND) | Q(state=State.RESTRICTED, woken_at__isnull=False)


@dataclass(frozen=True)
class Done:
    """How many are erased now, are restricted because they have to be kept, and wait for their own end."""

    erasing: int = 0
    restricted: int = 0
    open: int = 0


def preview(request: SubjectRequest) -> list[tuple[RequestItem, Kept]]:
    """What would become of each that is meant, as things stand; asked again when it is done."""
    items = list(request.items.filter(TO_ERASE, is_chosen=True, conversation__isnull=False))
    rows = Conversation.objects.filter(pk__in=[item.conversation_id for item in items])
    found = kept(list(rows), database_now())
    return [(item, found[item.conversation_id]) for item in items if item.conversation_id in found]


@transaction.atomic
def erase(user: User, purpose: Purpose, request_id: int) -> Done:
    """Begin with all that is meant and may go; the job that destroys asks once more. Restrict what has to be kept.

    Also after the answer, for what has woken since. Raises Refused: `auth.denied` for who checked the person alone,
    `state.conflict` before the scope is confirmed.
    """
    request = _for_erasure(user, request_id)
    gate.four_eyes(user, request)
    items = list(request.items.filter(TO_ERASE, is_chosen=True))
    rows = {row.pk: row for row in locked([item.conversation_id for item in items if item.conversation_id])}
    now = database_now()
    why = kept(list(rows.values()), now)
    done = [_do(item, rows.get(item.conversation_id or 0), why.get(item.conversation_id or 0), now) for item in items]
    counted = Done(*(done.count(each) for each in ("erasing", "restricted", "open")))
    counts = {"erasing": counted.erasing, "restricted": counted.restricted, "open": counted.open}
    custody.note(user, "request.erase", request, purpose, **counts)
    return counted


def _for_erasure(user: User, request_id: int) -> SubjectRequest:
    """Unanswered, or answered with something that has woken."""
    woken = RequestItem.objects.filter(request=request_id, woken_at__isnull=False, state=State.RESTRICTED)
    answered = SubjectRequest.objects.select_for_update(of=("self",)).exclude(answered_at=None)
    found = answered.filter(pk=request_id, kind=SubjectRequest.Kind.ERASURE).first()
    if found is not None and woken.exists():
        check_staff(user)
        return found
    return gate.unanswered(user, request_id, proven=True, scoped=True)


def _do(item: RequestItem, conversation: Conversation | None, why: Kept | None, now: datetime) -> str:
    if conversation is None or why is None:  # retention was first
        RequestItem.objects.filter(pk=item.pk).update(state=State.ERASED, woken_at=None)
        return "gone"
    if why.code:
        restrict_item(item, why.code, why.review_on(now))
        return "restricted"
    if why.reasons:
        return "open"
    disposition = _disposition(item, conversation, now)
    RequestItem.objects.filter(pk=item.pk).update(state=State.ERASING, disposition=disposition, woken_at=None)
    sight.hide([conversation.pk])
    return "erasing"


def _disposition(item: RequestItem, conversation: Conversation, now: datetime) -> Disposition:
    """Destroyed by the next run. What waited for that already by a policy waits no longer."""
    begun = Disposition.objects.filter(conversation=conversation, data=WHOLE, state__in=ALIVE)
    put_away = max(now, conversation.last_at)
    facts = {"policy": f"{BY_REQUEST}{item.request_id}", "due_at": now, "quarantined_at": put_away, "destroy_at": now}
    if begun.update(**facts):
        return begun.get()
    return Disposition.objects.create(conversation=conversation, ref=conversation.ref, **facts)
