"""`manage.py open_locked REF --out PATH --reason WHY`: a locked copy, opened with its conversation's key."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcripts.actions.locking.opening import CantOpen, open_copy, open_file


class Command(BaseCommand):
    help = "Opens the newest locked copy of a conversation, or a file of one, as a bundle that can be verified."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ref", metavar="REF", nargs="?", default="", help="the conversation's reference")
        parser.add_argument("--file", type=Path, help="a locked file that was fetched by hand, instead of REF")
        parser.add_argument("--out", type=Path, required=True, help="a new file NAME.zip")
        parser.add_argument("--reason", required=True, help="what for: it stands in the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["ref"]) == bool(options["file"]):
            raise CommandError("Name a conversation or a --file, and not both.")
        try:
            if options["file"]:
                with options["file"].open("rb") as file:
                    open_file(file, options["out"], options["reason"])
            else:
                open_copy(options["ref"], options["out"], options["reason"])
        except (CantOpen, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['out']}: check it with python -m transcripts.verify")
