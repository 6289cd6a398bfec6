"""Putting away what is due, and bringing back what is not: batches, each a transaction, each safe to repeat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

from chatdesk.models import Conversation
from transcripts import sight
from transcripts.actions.retaining.gathering import Standing, all_rules, outcome_of, standings
from transcripts.models import Disposition, RetentionPolicy, RetentionRun
from transcripts.retention.rules import WHOLE, Outcome

BATCH = 1000
QUARANTINE = timedelta(days=30)
RUN_EVERY = timedelta(hours=1)
ALIVE = sight.AWAY
BY_REQUEST = "request "  # the policy of what a person wants erased begins so


def candidates(now: datetime) -> QuerySet[Conversation]:
    """What could be due at all: ended so long ago that the shortest policy is over. None if nothing deletes."""
    shortest = RetentionPolicy.objects.aggregate(days=Min("delete_days"))["days"]
    if shortest is None:
        return Conversation.objects.none()
    ended = Conversation.objects.filter(closed_at__lte=now - timedelta(days=shortest))
    return ended.filter(sight.not_put_away()).order_by("pk")


@transaction.atomic
def put_away(run: RetentionRun, now: datetime) -> bool:
    """One batch from the run's cursor on; False when there is nothing more. Killed anywhere, it begins again there."""
    run = RetentionRun.objects.select_for_update().get(pk=run.pk)
    if not run.is_open:
        return False
    batch = list(candidates(now).filter(pk__gt=run.cursor).select_for_update(no_key=True, of=("self",))[:BATCH])
    if not batch:
        RetentionRun.objects.filter(pk=run.pk).update(ended_at=now, is_open=False)
        return False
    rules = all_rules()
    made = _dispose(batch, standings(batch, rules), run, now)
    RetentionRun.objects.filter(pk=run.pk).update(
        cursor=batch[-1].pk, examined=run.examined + len(batch), quarantined=run.quarantined + made
    )
    return True


def current_run(now: datetime) -> RetentionRun | None:
    """The run that is open, or a new one an hour after the last began; None until then."""
    newest = RetentionRun.objects.order_by("-pk").first()
    if newest is not None and newest.is_open:
        return newest
    if newest is not None and now - newest.begun_at < RUN_EVERY:
        return None
    return RetentionRun.objects.get_or_create(is_open=True, defaults={"begun_at": now})[0]


def _dispose(batch: Sequence[Conversation], found: dict[int, Standing], run: RetentionRun, now: datetime) -> int:
    living = set(
        Disposition.objects.filter(conversation__in=batch, state__in=ALIVE).values_list("conversation_id", "data")
    )
    made = [
        _disposition(each, data, outcome, run, now)
        for each in batch
        for data, outcome in due_of(found[each.pk], now)
        if (each.pk, data) not in living and not _is_gone(each, data)
    ]
    Disposition.objects.bulk_create(made)
    whole = [each.conversation_id for each in made if each.data == WHOLE and each.conversation_id]
    Conversation.objects.filter(pk__in=whole).update(hidden_at=now)
    return len(made)


def due_of(standing: Standing, now: datetime) -> list[tuple[str, Outcome]]:
    """The whole if it is due; else those of its parts that are."""
    if standing.whole.is_due(now):
        return [(WHOLE, standing.whole)]
    return [(data, outcome) for data, outcome in standing.parts.items() if outcome.is_due(now)]


def is_still_due(standing: Standing, found: Disposition) -> bool:
    """Whether it would have been put away when it was, by what holds now: whoever wrote since has their own month."""
    if found.policy.startswith(BY_REQUEST):
        return not keepers(standing, found.quarantined_at)
    return outcome_of(standing, found.data).is_due(found.quarantined_at)


def keepers(standing: Standing, now: datetime) -> list[str]:
    """What keeps the whole from being erased at its person's wish: hold, duty, export, open, new; none if it may go."""
    facts, outcome = standing.facts, standing.whole
    kept = outcome.kept_until is not None and outcome.kept_until > now
    found = {
        "hold": bool(outcome.holds),
        "duty": kept,
        "export": outcome.waits_for_export,
        "open": facts.closed_at is None,
        "new": facts.last_at > now,
    }
    return [name for name, is_so in found.items() if is_so]


def _is_gone(conversation: Conversation, data: str) -> bool:
    """Whether this part went already and nothing was said since."""
    gone = Disposition.objects.filter(conversation=conversation, data=data, state=Disposition.State.DESTROYED)
    return data != WHOLE and gone.filter(ended_at__gte=conversation.last_at).exists()


def _disposition(
    conversation: Conversation, data: str, outcome: Outcome, run: RetentionRun, now: datetime
) -> Disposition:
    return Disposition(
        conversation=conversation,
        ref=conversation.ref,
        data=data,
        policy=outcome.deletes,
        due_at=outcome.due_at or now,
        quarantined_at=now,
        destroy_at=now + QUARANTINE,
        run=run,
    )


def reconsider(now: datetime) -> int:
    """Bring back what a hold, a longer policy or a new entry keeps; how many. Reads what is put away in batches."""
    brought, last = 0, 0
    while batch := list(Disposition.objects.filter(state__in=ALIVE, pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        brought += _bring_back(batch, now)
    return brought


@transaction.atomic
def _bring_back(batch: Sequence[Disposition], now: datetime) -> int:
    ids = [each.conversation_id for each in batch if each.conversation_id]
    rows = list(Conversation.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
    found = standings(rows, all_rules())
    over = [
        each.pk
        for each in batch
        if each.conversation_id in found and not is_still_due(found[each.conversation_id], each)
    ]
    return cancel(over, now)


def cancel(disposition_ids: Collection[int], now: datetime) -> int:
    """These are not to be destroyed: what was out of sight is found again. Inside a transaction."""
    living = Disposition.objects.filter(pk__in=disposition_ids, state__in=ALIVE)
    whole = [pk for pk in living.filter(data=WHOLE).values_list("conversation_id", flat=True) if pk]
    cancelled = living.update(state=Disposition.State.CANCELLED, ended_at=now)
    sight.show(whole)
    return cancelled
