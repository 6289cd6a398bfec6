"""`manage.py export --format FORMAT --out PATH [--query Q]`: an export in the foreground, with progress."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcripts.actions.exporting.asking import MEGABYTE, NotPossible, Wanted, format_names
from transcripts.actions.exporting.foreground import export_here
from transcripts.models import Export, Profile
from transcripts.words import Unclear

ENDLESS = 1 << 62  # bytes: one volume, whatever its size


class Command(BaseCommand):
    help = "Write conversations to a folder or a ZIP, with everything that proves them."
    requires_system_checks = ()  # those of pages would load every page of the desk: time and 14 MB for nothing

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = ", ".join(format_names())
        parser.add_argument("--format", dest="formats", action="append", required=True, help=f"again for more: {known}")
        parser.add_argument("--out", type=Path, required=True, help="a new folder, or a new file NAME.zip")
        parser.add_argument("--query", default="", help="a search, as on the page; nothing: every conversation")
        parser.add_argument("--profile", default=Profile.FULL, choices=Profile.values)
        parser.add_argument("--without-redactions", action="store_true", help="also what compliance has covered")
        parser.add_argument("--bates", default="", metavar="PREFIX", help="of the numbers of documents")
        parser.add_argument("--volume-mb", type=int, default=0, help="split into folders VOL001 ... of about that size")
        parser.add_argument("--reason", default="", help="what for: it stands in the manifest and in the log")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Wanted(
            query=options["query"],
            profile=options["profile"],
            formats=options["formats"],
            reason=options["reason"],
            bates_prefix=options["bates"],
            volume_bytes=options["volume_mb"] * MEGABYTE or ENDLESS,
            with_redactions=not options["without_redactions"],
        )
        try:
            done = export_here(wanted, options["out"], Progress().tell, in_volumes=bool(options["volume_mb"]))
        except (NotPossible, Unclear) as error:
            raise CommandError(str(error)) from None
        done.refresh_from_db()
        facts = f"{done.conversations} conversations, {done.records} records, {done.warnings} warnings"
        self.stdout.write(f"{options['out']}: {facts}. Manifest: SHA-256 {done.manifest_sha256}")


class Progress:
    """A line on standard error, at most every second."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()

    def tell(self, export: Export, position: int) -> None:
        now = time.monotonic()
        if now - self.last < 1 and position < export.conversations:
            return
        self.last = now
        done = position / export.conversations if export.conversations else 1
        left = f", {(now - self.begun) * (1 - done) / done:.0f} s left" if 0 < done < 1 else ""
        sys.stderr.write(f"{position} of {export.conversations} conversations ({done:.0%}){left}\n")
