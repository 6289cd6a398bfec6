"""`manage.py prepare`: what a release does once, before its web processes start."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from chatdesk.serving.doors import first_run_link, report
from chatdesk.serving.preflight import NotReady
from chatdesk.serving.prepare import look_before, one_line, prepare, prepare_database, prepare_static


class Command(BaseCommand):
    help = "Migrate the database and collect static files; with --demo, make the demo people, groups and buttons too."
    requires_system_checks: list[str] = []  # an image is built before its database exists

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make the demo people, groups and buttons")
        parser.add_argument("--only", choices=("database", "static"), help="only this half of it")

    def handle(self, *args: Any, demo: bool, only: str | None, **options: Any) -> None:
        try:
            look_before()
            words = self.prepare(demo, only)
        except NotReady as problem:
            self.stderr.write(one_line(problem))
            sys.exit(1)
        self.stdout.write(words)

    def prepare(self, demo: bool, only: str | None) -> str:
        if only == "static":
            prepare_static()
            return str(_("The static files are collected."))
        if only == "database":
            prepare_database()
            return report(settings.SITE_URL, [], first_run_link())
        people = prepare(demo, os.environ.get("CHATDESK_DEMO_PASSWORD") or None)
        return report(settings.SITE_URL, people, first_run_link())
