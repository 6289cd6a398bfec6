from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.actions.opening import NotPossible, open_access


class Command(BaseCommand):
    help = "Break-glass: lift log-in hours, networks and second factor for one person, and print a link that signs in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address of the person")
        parser.add_argument("--minutes", type=int, default=60, help="for how long, at most 1440 (default 60)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["minutes"] <= 1440:
            raise CommandError("--minutes: from 1 to 1440.")
        try:
            path = open_access(options["email"], timedelta(minutes=options["minutes"]))
        except NotPossible as error:
            raise CommandError("Nobody who is switched on has this e-mail address.") from error
        self.stdout.write(f"Open for {options['minutes']} minutes, and written into the audit log. Signs in once:")
        self.stdout.write(settings.SITE_URL + path)
