"""Every ten minutes: who was disabled, has left, or lost every group that opens the desk is switched off here."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.directory.backend import groups_of
from accounts.directory.errors import DirectoryDown, NotTakenOver
from accounts.directory.line import connected, find_identity
from accounts.directory.people import take_over, withdraw
from accounts.directory.tries import forget_old_tries
from accounts.models import Directory, DirectoryIdentity

log = logging.getLogger("chatdesk.accounts")


def sync_all() -> int:
    """How many people were looked up. Safe to repeat, and to run twice at once."""
    forget_old_tries()
    return sum(_sync(directory) for directory in Directory.objects.filter(is_active=True))


def _sync(directory: Directory) -> int:
    now = timezone.now()
    people = list(directory.identities.select_related("user__user_type", "directory"))
    try:
        with connected(directory) as line:
            for identity in people:
                _look_again(directory, line, identity, now)
    except DirectoryDown as down:
        _out_of_reach(directory, people, down, now)
        return 0
    Directory.objects.filter(pk=directory.pk).update(reached_at=now, trouble="")
    return len(people)


def _look_again(directory: Directory, line: Any, identity: DirectoryIdentity, now: datetime) -> None:
    entry = find_identity(directory, line, identity.uid, now)
    if entry is None or entry.barred:
        return withdraw(identity, entry.barred if entry else "gone")
    groups = groups_of(directory, entry, line)
    if not groups:
        return withdraw(identity, "no group")
    try:
        take_over(directory, entry, groups)
    except NotTakenOver as refused:
        log.info("Person %s of a directory stays as an admin set it: %s", identity.user_id, refused.code)
    return None


def _out_of_reach(directory: Directory, people: list[DirectoryIdentity], down: DirectoryDown, now: datetime) -> None:
    """Nobody is switched off for a short outage; after `offline_hours` nobody can say any more who is still with us."""
    log.warning("The directory %s can't be asked: %s", directory.pk, down.reason)
    Directory.objects.filter(pk=directory.pk).update(trouble=down.reason[:254])
    reached = directory.reached_at
    if reached and now - reached > timedelta(hours=directory.offline_hours):
        for identity in people:
            withdraw(identity, "unreachable")
