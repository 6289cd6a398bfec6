"""How many wrong passwords of a person reach the directory: fewer than make it lock the account.

The form of a chat desk must be no way to lock colleagues out of their computers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.directory.errors import TooManyTries
from accounts.models import Directory, DirectoryTry

KEPT = timedelta(days=30)  # how long a place counts as known


@dataclass(frozen=True)
class Tries:
    """`person`: the identity, or for a stranger the name typed, so that both are treated alike."""

    directory: Directory
    person: str
    address: str

    @transaction.atomic
    def begin(self) -> DirectoryTry:
        """Counts this try as a wrong one before the directory is asked, so that many at once can't be too many.

        Raises TooManyTries.
        """
        Directory.objects.select_for_update(no_key=True).get(pk=self.directory.pk)
        self._check()
        return DirectoryTry.objects.create(directory=self.directory, person=self.person, address=self.address)

    @transaction.atomic
    def passed(self, counted: DirectoryTry) -> None:
        """It was the right password: the wrong ones before it no longer count."""
        DirectoryTry.objects.filter(pk=counted.pk).update(passed=True)
        self._wrong().filter(pk__lt=counted.pk).delete()

    def _check(self) -> None:
        """Raises TooManyTries. Places where the person has signed in before have half of the tries to themselves."""
        places, most = self._known_places(), self.directory.wrong_tries
        known = self.address in places
        share = most // 2 if known else most - most // 2
        counted = [each for each in self._wrong() if (each.address in places) == known]
        if len(counted) >= share:
            raise TooManyTries(self._seconds_left(counted[-share].at))

    def _wrong(self) -> QuerySet[DirectoryTry]:
        since = timezone.now() - timedelta(minutes=self.directory.wrong_minutes)
        return self._all().filter(passed=False, at__gt=since).order_by("at")

    def _all(self) -> QuerySet[DirectoryTry]:
        return DirectoryTry.objects.filter(directory=self.directory, person=self.person)

    def _known_places(self) -> set[str]:
        return set(self._all().filter(passed=True).values_list("address", flat=True))

    def _seconds_left(self, oldest: datetime) -> int:
        until = oldest + timedelta(minutes=self.directory.wrong_minutes)
        return max(1, math.ceil((until - timezone.now()).total_seconds()))


def forget_old_tries() -> None:
    DirectoryTry.objects.filter(at__lt=timezone.now() - KEPT).delete()
