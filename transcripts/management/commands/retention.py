"""`manage.py retention --dry-run`: what would be put away now. Without it, one go of the job itself."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from transcripts.actions.retaining.clock import database_now, stopped
from transcripts.actions.retaining.forecasting import Forecast, forecast
from transcripts.actions.retaining.running import run


class Command(BaseCommand):
    help = "Puts away what is due, and destroys what was put away long enough."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would be put away, change nothing")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        now = database_now()
        if options["dry_run"]:
            self._tell(forecast(now), as_json=options["json"])
            return
        ended = run(now)
        if stopped():
            self.stderr.write("The clock jumped. Nothing is deleted until somebody confirms it under Retention.")
            raise SystemExit(1)
        self.stdout.write(f"came to their end: {ended}")

    def _tell(self, found: Forecast, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found.plain()))
            return
        self.stdout.write(f"conversations: {found.whole}")
        if found.oldest and found.newest:
            self.stdout.write(f"ended between {found.oldest:%Y-%m-%d} and {found.newest:%Y-%m-%d}")
        for name, count in found.groups.items():
            self.stdout.write(f"  {name}: {count}")
        for name, count in {**found.parts, **found.desk}.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"kept by a hold: {found.held}")
        self.stdout.write(f"waiting for an export: {found.unexported}")
