"""`manage.py receive_mail --to ADDRESS FILE...`: take mails in from files, as if they had come by SMTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tickets.actions.destinations import Nowhere, destination
from tickets.actions.processing import process
from tickets.actions.receiving import keep
from tickets.actions.reporting import report_of
from tickets.models import IncomingMail
from tickets.reading.envelope import Envelope

EMPTY: dict[str, Any] = {
    "conversation": None,
    "entry": None,
    "visible": "",
    "files": [],
    "machine": "",
    "bounce_of": None,
    "held": [],
    "error": "",
}


class Command(BaseCommand):
    help = "Take in mails from files as if they had come by SMTP. Prints one line of JSON for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, help="the envelope recipient: an address of this desk")
        parser.add_argument(
            "--from", dest="sender", default="", help="the envelope sender (default: what the file says of it)"
        )
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, to: str, sender: str, files: list[str], **options: Any) -> None:
        for name in files:
            line = {"file": name, **EMPTY, **_taken(name, to, sender)}
            self.stdout.write(json.dumps(line, ensure_ascii=False))


def _taken(name: str, to: str, sender: str) -> dict[str, Any]:
    if isinstance(destination(to), Nowhere):
        return {"error": "no such address here"}
    try:
        raw = Path(name).read_bytes()
    except OSError as trouble:
        return {"error": type(trouble).__name__}
    kept = keep(raw, Envelope(IncomingMail.Via.FILE, to, sender))
    return report_of(process(kept.mail.pk))
