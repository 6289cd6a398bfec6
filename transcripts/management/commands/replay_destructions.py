"""`manage.py replay_destructions`: after a restore, before anybody works. Exit 1 if a hold kept something."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from transcripts.actions.destroying.replaying import replay
from transcripts.actions.retaining.clock import database_now


class Command(BaseCommand):
    help = "Destroys again what was destroyed after the backup that was restored, as the tombstones in the storage say."

    def handle(self, *args: Any, **options: Any) -> None:
        done = replay(database_now())
        self.stdout.write(f"destroyed again: {len(done.destroyed)}")
        self.stdout.write(f"written down again: {len(done.remembered)}")
        self.stdout.write(f"kept by a hold: {len(done.held)}")
        for ref in done.held:
            self.stdout.write(f"  {ref}")
        if done.held:
            sys.exit(1)
