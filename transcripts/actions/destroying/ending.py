"""Destroying one conversation: holds asked under its lock, first the bytes, then the rows, in one transaction."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from chatdesk.models import Conversation
from transcripts.actions import indexing, logbook
from transcripts.actions.destroying import places, tombstones
from transcripts.actions.destroying.rows import delete_rows
from transcripts.actions.locking.keys import shred
from transcripts.actions.retaining.gathering import all_rules, standings
from transcripts.actions.retaining.waiting import ALIVE, BATCH, cancel, is_still_due
from transcripts.models import Disposition
from transcripts.retention import classes
from transcripts.retention.rules import WHOLE
from transcripts.signals import conversation_destroying

State = Disposition.State
FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(days=1)

log = logging.getLogger(__name__)


def destroy_due(now: datetime) -> int:
    """What was put away long enough, at most a batch of it, the oldest first; how many came to their end."""
    due = Disposition.objects.filter(state__in=ALIVE, destroy_at__lte=now).order_by("destroy_at", "pk")
    ended = sum(destroy(pk, now) == State.DESTROYED for pk in list(due.values_list("pk", flat=True)[:BATCH]))
    if ended:
        forget_pages()
    return ended


def destroy(disposition_id: int, now: datetime) -> str:
    """Bring one to its end, or back, or nearer to it; its state afterwards. Twice is once.

    From `destroying` on nobody can bring it back, for its files may have gone; a hold still stops it, and keeps what
    is left. What the storage does not let go keeps its rows too, and is tried again.
    """
    if not _begin(disposition_id, now):
        return _state(disposition_id)
    try:
        _end(disposition_id, now)
    except Exception as failed:
        log.exception("disposition %s could not be finished; it will be tried again", disposition_id)
        _put_off(disposition_id, type(failed).__name__, now)
    return _state(disposition_id)


@transaction.atomic
def _begin(disposition_id: int, now: datetime) -> bool:
    found = _locked(disposition_id)
    if found is None or not _may_go(found, now):
        return False
    return bool(Disposition.objects.filter(pk=found.pk).update(state=State.DESTROYING))


@transaction.atomic
def _end(disposition_id: int, now: datetime) -> None:
    found = _locked(disposition_id)
    if found is None or found.conversation is None or not _may_go(found, now):
        return
    found.ended_at = now
    if found.data == WHOLE:
        _end_whole(found, found.conversation, now)
    else:
        _end_part(found)
    Disposition.objects.filter(pk=found.pk).update(state=State.DESTROYED, ended_at=now, error="")


def _locked(disposition_id: int) -> Disposition | None:
    """The row and its conversation, both locked: the conversation first, as everybody does who writes to it."""
    known = Conversation.objects.filter(dispositions=disposition_id)
    list(known.select_for_update(of=("self",)).values_list("pk"))
    rows = Disposition.objects.select_related("conversation__group").select_for_update(of=("self",))
    return rows.filter(pk=disposition_id, state__in=ALIVE, conversation__isnull=False).first()


def _may_go(found: Disposition, now: datetime) -> bool:
    """Asked under the lock: holds, policies and the end of the conversation, as they are now."""
    if found.conversation is None or found.destroy_at > now:
        return False
    standing = standings([found.conversation], all_rules())[found.conversation.pk]
    if is_still_due(standing, found):
        return True
    if found.state != State.QUARANTINED:
        places.mark_missing(found.conversation)
    cancel([found.pk], now)
    return False


def _end_whole(found: Disposition, conversation: Conversation, now: datetime) -> None:
    facts = _facts(found, conversation, now)
    facts["objects"] = places.empty(conversation)
    if locked := shred(conversation.pk):
        facts["locked"] = locked
    conversation_destroying.send(None, conversation=conversation)
    delete_rows(conversation)
    leaf = logbook.append("conversation.destroyed", facts)
    tombstones.lay(found, facts, conversation.group.slug, leaf.index)


def _facts(found: Disposition, conversation: Conversation, now: datetime) -> dict[str, Any]:
    return tombstones.facts_of(conversation) | {
        "policy": found.policy,
        "due": tombstones.stamp(found.due_at),
        "quarantined": tombstones.stamp(found.quarantined_at),
        "holds_asked": tombstones.stamp(now),
        "holds": 0,
        "run": found.run_id,
    }


def _end_part(found: Disposition) -> None:
    data = classes.class_of(found.data)
    if data is not None and data.remove is not None and found.conversation_id is not None:
        data.remove(found.conversation_id)


def _put_off(disposition_id: int, error: str, now: datetime) -> None:
    found = Disposition.objects.get(pk=disposition_id)
    later = min(FIRST_RETRY * 2 ** min(found.tries, 10), LAST_RETRY)
    Disposition.objects.filter(pk=disposition_id, state__in=ALIVE).update(
        state=State.PENDING, tries=min(found.tries + 1, 1000), error=error[:200], destroy_at=now + later
    )


def _state(disposition_id: int) -> str:
    return Disposition.objects.values_list("state", flat=True).get(pk=disposition_id)


def forget_pages() -> None:
    """Leave no word in what a database keeps of deleted rows: pages of the index, the log that SQLite writes ahead.

    What a process that still reads holds open is cut off by the next one's end. PostgreSQL's own vacuum does it there.
    """
    indexing.forget()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
