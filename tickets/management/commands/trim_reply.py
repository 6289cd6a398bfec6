"""`manage.py trim_reply FILE`: the part of a plain-text reply that its reader would see."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tickets.reading.charsets import decode
from tickets.reading.trimming import trim


class Command(BaseCommand):
    help = "Print the visible part of a plain-text reply: without what it quotes and what programs add to it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a text file, or - for the standard input")
        parser.add_argument("--subject", default="", help="the subject of the mail: a forwarded one is shown whole")
        parser.add_argument("--folded", action="store_true", help="print what is folded away instead")

    def handle(self, *args: Any, file: str, subject: str, folded: bool, **options: Any) -> None:
        trimmed = trim(decode(_content(file)), subject)
        self.stdout.write(trimmed.folded if folded else trimmed.visible)


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as problem:
        raise CommandError(_("%(file)s can't be read: %(why)s") % {"file": file, "why": problem.strerror}) from problem
