"""`manage.py prepare`: what a release does once, before its web processes start."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from chatdesk.serving.doors import first_run_link, report
from chatdesk.serving.preflight import NotReady
from chatdesk.serving.prepare import look_before, one_line, prepare


class Command(BaseCommand):
    help = "Migrate the database and collect static files; with --demo, make the demo people, groups and buttons too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make the demo people, groups and buttons")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        try:
            look_before()
            people = prepare(demo, os.environ.get("CHATDESK_DEMO_PASSWORD") or None)
        except NotReady as problem:
            self.stderr.write(one_line(problem))
            sys.exit(1)
        self.stdout.write(report(settings.SITE_URL, people, first_run_link()))
