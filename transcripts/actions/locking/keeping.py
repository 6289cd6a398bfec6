"""The job: what waits is put where it is locked. Any line of it may be the last; the next run finds what is there."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.actions import heads, logproofs
from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.locking import bundling, places
from transcripts.actions.locking.asking import ask
from transcripts.actions.locking.holding import is_held
from transcripts.actions.locking.keys import NoKey, is_current, key_of
from transcripts.actions.locking.lasting import locked_until
from transcripts.formats.volume import chunks_of
from transcripts.models import Chain, LockedCopy, LockedRules
from transcripts.proof.bundle import Seal
from transcripts.proof.locked import name_of

State = LockedCopy.State
TO_DO = (State.WAITING, State.FAILED)
AT_ONCE = 200
LEASE = timedelta(minutes=30)
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)
PATIENCE = timedelta(minutes=10)  # for a signed head that knows of the end; then one is signed for it

log = logging.getLogger(__name__)


def keep_due() -> int:
    """Make the copies that are due, the oldest first; how many came to where they stay. Safe to run twice at once."""
    due = LockedCopy.objects.filter(state__in=TO_DO, due_at__lte=timezone.now()).order_by("due_at", "pk")
    waiting = list(due.select_related("conversation", "bucket")[:AT_ONCE])
    if not waiting:
        return 0
    rules = LockedRules.load()
    return sum(_attempt(copy, rules) for copy in waiting)


def _attempt(copy: LockedCopy, rules: LockedRules) -> bool:
    try:
        seal = _seal_over(copy)
        return seal is not None and _claim(copy) and _keep(copy, rules, seal)
    except Trouble as trouble:
        return _failed(copy, trouble.code)
    except NoKey:
        return _failed(copy, "no-key")
    except heads.LogBroken:
        return _failed(copy, "log")
    except Exception as error:
        log.exception("locked copy %s could not be made; it will be tried again", copy.pk)
        return _failed(copy, type(error).__name__)


def _seal_over(copy: LockedCopy) -> Seal | None:
    """A signed head that knows of the conversation's end. None: it will soon be there, and the copy can wait."""
    leaf, seal = logproofs.leaf_of(copy.ref), heads.standing_seal()
    if seal and (leaf is None or leaf.index < seal.head.head.size):
        return seal
    return heads.seal() if timezone.now() - copy.asked_at >= PATIENCE else None


def _claim(copy: LockedCopy) -> bool:
    as_seen = LockedCopy.objects.filter(pk=copy.pk, state__in=TO_DO, tries=copy.tries, last=copy.last)
    copy.tries += 1
    return bool(as_seen.update(tries=copy.tries, due_at=timezone.now() + LEASE))


def _failed(copy: LockedCopy, code: str) -> bool:
    later = timezone.now() + min(FIRST_RETRY * 2 ** min(copy.tries, 10), LAST_RETRY)
    mine = LockedCopy.objects.filter(pk=copy.pk, state__in=TO_DO)
    mine.update(state=State.FAILED, trouble=code, due_at=later, tries=min(copy.tries, 1000))
    return False


def _keep(copy: LockedCopy, rules: LockedRules, seal: Seal) -> bool:
    found = places.place_of(copy.bucket).find(copy.name) if copy.tries > 1 else None
    if found is None and copy.conversation is None:
        return _end(copy, State.GONE)
    if found is None and copy.conversation is not None:
        found = _put(copy, copy.conversation, rules, seal)
    return found is not None and _note(copy, found)


def _put(copy: LockedCopy, conversation: Conversation, rules: LockedRules, seal: Seal) -> places.Found:
    """Where it goes is written down first: a worker that is killed here leaves a trace of it."""
    lock = places.Lock(rules.mode, locked_until(conversation, rules), is_held(conversation.pk))
    copy.bucket, copy.until = rules.bucket, lock.until
    LockedCopy.objects.filter(pk=copy.pk, state__in=TO_DO).update(bucket=copy.bucket, until=copy.until)
    key, place = key_of(conversation.pk), places.place_of(copy.bucket)
    with _scratch() as (file, folder):
        bundling.write(copy, key, file, seal, folder)
        facts = _facts(file, name_of(key))
        place.put(copy.name, file, facts, lock)
    found = place.find(copy.name)
    if found is None or (found.sha256, found.size) != (facts.sha256, facts.size):
        raise Trouble("not-as-sent")
    return found


@contextmanager
def _scratch() -> Iterator[tuple[IO[bytes], str]]:
    folder = Path(settings.VAR) / "locking"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        yield file, str(folder)


def _facts(file: IO[bytes], key: str) -> places.Found:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in chunks_of(file):
        digest.update(chunk)
    size = file.tell()
    file.seek(0)
    return places.Found(key, digest.hexdigest(), size)


@transaction.atomic
def _note(copy: LockedCopy, found: places.Found) -> bool:
    """It is there. If its key was destroyed meanwhile nobody can read it, and what is left is copied anew."""
    conversation = Conversation.objects.select_for_update(of=("self",)).filter(locked_copies=copy).first()
    is_readable = is_current(copy.conversation_id, found.key)
    facts = asdict(found) | {"until": found.until or copy.until, "kept_at": timezone.now()}
    noted = _end(copy, State.KEPT if is_readable else State.SHREDDED, **facts)
    chain = Chain.objects.filter(conversation=conversation, sealed_at__isnull=False).first() if conversation else None
    asked = LockedCopy.objects.filter(conversation=copy.conversation_id, state__in=TO_DO)
    if noted and not is_readable and conversation and chain and not asked.exists():
        ask(conversation, chain.count)
    return noted


def _end(copy: LockedCopy, state: State, **facts: Any) -> bool:
    ended = None if state == State.KEPT else timezone.now()
    mine = LockedCopy.objects.filter(Q(pk=copy.pk) & Q(state__in=TO_DO))
    return bool(mine.update(state=state, trouble="", due_at=timezone.now(), tries=0, ended_at=ended, **facts))
