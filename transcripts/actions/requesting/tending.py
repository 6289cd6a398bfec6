"""What goes on without anybody: what became of erasures, what wakes, what is due, what is forgotten. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from transcripts import sight
from transcripts.actions.requesting import gate
from transcripts.actions.requesting.keeping import Kept, kept, locked
from transcripts.actions.requesting.restricting import restrict_item
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.telling import tell
from transcripts.deadlines import days_left, warnings_passed
from transcripts.models import Disposition, RequestItem, SubjectRequest

State = RequestItem.State
BATCH = 500
GONE = Disposition.State.DESTROYED


def tend(now: datetime | None = None) -> int:
    """One go at all of it; how much was done."""
    now = now or database_now()
    return settle(now) + wake(now) + remind(now) + warn(now) + forget(now)


def settle(now: datetime) -> int:
    """Say of what was being erased that it is gone, or why not: a hold may have come between."""
    ended = RequestItem.objects.filter(state=State.ERASING).exclude(disposition__state__in=sight.AWAY)
    return sum(_settle(pk, now) for pk in list(ended.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _settle(item_id: int, now: datetime) -> bool:
    item = RequestItem.objects.select_related("disposition").get(pk=item_id)
    rows = locked([item.conversation_id] if item.conversation_id else [])
    mine = RequestItem.objects.filter(pk=item.pk, state=State.ERASING)
    if not rows or (item.disposition and item.disposition.state == GONE):
        return bool(mine.update(state=State.ERASED))
    if not mine.update(state=State.FOUND):
        return False
    why = kept(rows, now)[rows[0].pk]
    if why.code:
        restrict_item(item, why.code, why.review_on(now))
    return True


def wake(now: datetime) -> int:
    """What had to be kept and has not any more: somebody is asked to confirm its erasure. What is held again sleeps."""
    kind = SubjectRequest.Kind.ERASURE
    rows = RequestItem.objects.filter(state=State.RESTRICTED, request__kind=kind, conversation__isnull=False)
    changed, last = 0, 0
    while batch := list(rows.filter(pk__gt=last).select_related("conversation").order_by("pk")[:BATCH]):
        last = batch[-1].pk
        why = kept([item.conversation for item in batch if item.conversation], now)
        changed += _wake(batch, why, now)
    return changed


@transaction.atomic
def _wake(batch: Iterable[RequestItem], why: dict[int, Kept], now: datetime) -> int:
    woken: set[int] = set()
    changed = 0
    for item in batch:
        is_free = not why[item.conversation_id or 0].reasons
        if is_free == (item.woken_at is not None):
            continue
        mine = RequestItem.objects.filter(pk=item.pk, state=State.RESTRICTED, woken_at__isnull=is_free)
        if mine.update(woken_at=now if is_free else None):
            changed += 1
            woken |= {item.request_id} if is_free else set()
    for number in sorted(woken):
        tell("request_woken", {"number": number})
    return changed


@transaction.atomic
def remind(now: datetime) -> int:
    """The day has come on which somebody wanted to look at what is restricted."""
    due = RequestItem.objects.filter(state=State.RESTRICTED, reviewed_at=None, review_on__lte=gate.today(now))
    numbers = sorted(set(due.values_list("request_id", flat=True)))
    reminded = due.update(reviewed_at=now)
    for number in numbers if reminded else ():
        tell("request_review", {"number": number})
    return reminded


def warn(now: datetime) -> int:
    """Ten days, three days, the day itself, and that it is over: each once, the newest alone after a standstill."""
    today = gate.today(now)
    rows = SubjectRequest.objects.filter(answered_at=None)
    late = [(row, passed) for row in rows if (passed := warnings_passed(row.due_on, today)) > row.warned]
    return sum(_warn(row, passed, days_left(row.due_on, today)) for row, passed in late)


@transaction.atomic
def _warn(request: SubjectRequest, passed: int, left: int) -> bool:
    mine = SubjectRequest.objects.filter(pk=request.pk, answered_at=None, warned=request.warned)
    if not mine.filter(due_on=request.due_on).update(warned=passed):
        return False
    tell("request_due", {"number": request.pk, "left": left, "due": request.due_on.isoformat()})
    return True


def forget(now: datetime) -> int:
    """Who asked is forgotten some time after the answer: what they go by, and every word that somebody wrote on it."""
    due = SubjectRequest.objects.filter(forgotten_at=None, forget_on__lte=gate.today(now))
    return sum(_forget(pk, now) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _forget(request_id: int, now: datetime) -> bool:
    mine = SubjectRequest.objects.filter(pk=request_id, forgotten_at=None)
    if not mine.update(forgotten_at=now, words="", proof_note="", extension="", refusal=""):
        return False
    request = mine.model.objects.get(pk=request_id)
    request.identities.all().delete()
    request.items.exclude(reason="").update(reason="")
    record("transcripts.request.forget", on=request)
    return True
