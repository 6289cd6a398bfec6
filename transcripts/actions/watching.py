"""Going through all conversations, a share at a time: begin what has no records yet, check those that have."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from itertools import takewhile

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.actions import recording, sealing
from transcripts.actions.chains import locked
from transcripts.actions.checking import Fault, check
from transcripts.models import BrokenChain, Chain, CheckRound

AT_ONCE = 1000
SECONDS = 20.0  # of one run: the rest waits for the next
THE_ONE = 1

log = logging.getLogger(__name__)


def begin_due() -> int:
    """Chains for conversations from before there were records, seals for what has ended without one; how many."""
    missing = Conversation.objects.filter(record_chain=None).order_by("pk")
    unsealed = Conversation.objects.filter(record_chain__sealed_at=None, closed_at__isnull=False).order_by("pk")
    return sum(_begun(pk) for found in (missing, unsealed) for pk in _in_time(_first(found)))


def _first(found: QuerySet[Conversation]) -> list[int]:
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


def _in_time(numbers: Iterable[int]) -> Iterable[int]:
    end = time.monotonic() + SECONDS
    return takewhile(lambda _: time.monotonic() < end, numbers)


@transaction.atomic
def _begun(conversation_id: int) -> bool:
    """Under the lock: what another worker did meanwhile is not done again."""
    locked(conversation_id)
    conversation = Conversation.objects.get(pk=conversation_id)
    recording.begin(conversation_id)
    chain = Chain.objects.get(pk=conversation_id)
    if conversation.closed_at is not None and chain.sealed_at is None:
        sealing.seal(conversation)
    return True


def check_share() -> int:
    """Check the next of them; how many. What is broken is kept for the admin's first page, and logged."""
    round_, _made = CheckRound.objects.get_or_create(pk=THE_ONE)
    rows = Conversation.objects.filter(pk__gt=round_.cursor).order_by("pk")
    numbers = _first(rows)
    done = [pk for pk in _in_time(numbers) if keep_result(pk)]
    at_end = len(numbers) < AT_ONCE and len(done) == len(numbers)
    _move_on(round_, 0 if at_end else done[-1] if done else round_.cursor, at_end=at_end)
    return len(done)


def _move_on(round_: CheckRound, cursor: int, *, at_end: bool) -> None:
    round_.cursor = cursor
    if at_end:
        round_.done_at = timezone.now()
    round_.save()


def keep_result(conversation_id: int) -> bool:
    """Check one and keep what was found, or that it is whole again. True, also for one that is gone by now."""
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    fault = check(conversation) if conversation else None
    if fault is None:
        BrokenChain.objects.filter(pk=conversation_id).delete()
    else:
        _keep(conversation_id, fault)
    return True


def _keep(conversation_id: int, fault: Fault) -> None:
    log.error("Conversation %s is not as recorded: %s at record %s.", fault.ref, fault.what, fault.number)
    facts = {"number": fault.number, "what": fault.what}
    BrokenChain.objects.update_or_create(pk=conversation_id, defaults=facts, create_defaults=facts)
