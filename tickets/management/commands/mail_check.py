"""`manage.py mail_check`: tries the configured ways in and out, and says plainly what is wrong."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tickets.actions import selftest
from tickets.actions.outbox import MailOff
from tickets.checking import Grade, check_mail


class Command(BaseCommand):
    help = "Try every configured way in and out by mail. Ends with 1 if something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--send", action="store_true", help="send a mail to the desk itself, too")

    def handle(self, *args: Any, send: bool, **options: Any) -> None:
        findings = check_mail()
        self.stdout.write("\n".join(map(str, findings)))
        faults = [str(finding) for finding in findings if finding.grade == Grade.WRONG]
        if send:
            self.send(faults)
        if faults:
            sys.exit(1)

    def send(self, faults: list[str]) -> None:
        try:
            selftest.begin(faults)
        except MailOff as off:
            self.stderr.write(off.detail)
            return
        self.stdout.write(_("A test mail is queued. Look again in some minutes: it must have come back."))
