"""Every ten minutes: who was disabled, has left, or lost every group that opens the desk is switched off here."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import ldap
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
    return sum(_guarded(directory) for directory in Directory.objects.filter(is_active=True))


def _guarded(directory: Directory) -> int:
    """What is wrong with one directory keeps the others from nothing."""
    try:
        return _sync(directory)
    except Exception:
        log.exception("The directory %s could not be looked at", directory.pk)
        return 0


def _sync(directory: Directory) -> int:
    now = timezone.now()
    people = list(directory.identities.select_related("user__user_type", "directory"))
    try:
        with connected(directory) as line:
            for identity in people:
                _look_at_one(directory, line, identity, now)
    except DirectoryDown as down:
        _out_of_reach(directory, people, down, now)
        return 0
    except Exception as error:  # a setting that can't be used: nobody can say any more who is still with us either
        log.exception("The directory %s could not be asked", directory.pk)
        _out_of_reach(directory, people, DirectoryDown(directory.name, type(error).__name__), now)
        return 0
    Directory.objects.filter(pk=directory.pk).update(reached_at=now, trouble="")
    return len(people)


def _look_at_one(directory: Directory, line: Any, identity: DirectoryIdentity, now: datetime) -> None:
    """What is wrong with one entry keeps nobody else from being looked at."""
    if (identity.user.rules_lifted_until or now) > now:
        return  # let in from the console: the directory has no say while that lasts
    try:
        _look_again(directory, line, identity, now)
    except (DirectoryDown, ldap.LDAPError):
        raise
    except Exception:
        log.exception("Person %s of a directory could not be looked at", identity.user_id)


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
    for identity in people:
        heard = directory.reached_at or identity.seen_at  # never reached: since it vouched for the person
        if now - heard > timedelta(hours=directory.offline_hours):
            withdraw(identity, "unreachable")
