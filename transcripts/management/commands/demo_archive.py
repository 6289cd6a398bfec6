"""`manage.py demo_archive N`: N closed conversations to search, export and destroy. Never for a real desk."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcripts.actions.archive import make


class Command(BaseCommand):
    help = "Make N closed conversations over two years, with files, notes and records: the same ones each time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="how many more")

    def handle(self, *args: Any, count: int, **options: Any) -> None:
        if count < 1:
            raise CommandError("N is 1 or more.")
        for done in make(count):
            self.stdout.write(f"{done} of {count} conversations")
