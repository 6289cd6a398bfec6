"""`manage.py serve`: the whole desk in one process, or one web process of a production layout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from chatdesk.demo import DemoPerson
from chatdesk.serving.companions import Door
from chatdesk.serving.doors import announcement, base_url, first_run_link
from chatdesk.serving.lifecycle import Listening
from chatdesk.serving.preflight import NotReady, check_port, hold_folder
from chatdesk.serving.prepare import look_before, one_line, prepare

SERVERS = ("daphne", "uvicorn")


class Command(BaseCommand):
    help = "Serve the desk. Outside production it first migrates, collects static files and, with --demo, makes a demo."
    requires_system_checks: list[str] = []  # a second start is to be quick; make check runs them all

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make the demo people, groups and buttons")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: $PORT, or 8000")
        parser.add_argument("--server", choices=SERVERS, default=SERVERS[0], help="default: %(default)s")

    def handle(self, *args: Any, demo: bool, host: str, port: int, server: str, **options: Any) -> None:
        settle_port(port)
        with ExitStack() as held:
            try:
                people = self.make_ready(held, demo, host, port)
                self.serve(server, host, port, people)
            except (NotReady, OSError) as problem:
                self.stderr.write(one_line(problem))
                sys.exit(1)
            except KeyboardInterrupt:  # while it was still preparing
                sys.exit(130)

    def make_ready(self, held: ExitStack, demo: bool, host: str, port: int) -> list[DemoPerson]:
        look_before()
        check_port(host, port)
        if settings.PRODUCTION:  # there, `manage.py prepare` does it once for all processes
            return []
        os.umask(0o077)  # what people write to the desk is nobody else's on this machine
        held.enter_context(hold_folder(Path(settings.VAR)))
        return prepare(demo, os.environ.get("CHATDESK_DEMO_PASSWORD") or None)

    def serve(self, server: str, host: str, port: int, people: list[DemoPerson]) -> None:
        base, first_run = (settings.SITE_URL, None) if settings.PRODUCTION else (base_url(host, port), first_run_link())

        def announce(beside: Sequence[Door]) -> None:
            self.stdout.write(announcement(base, people, first_run, beside))
            self.stdout.flush()

        import_module(f"chatdesk.serving.{server}_server").run(Listening(host, port, announce))


def settle_port(port: int) -> None:
    """The settings read PORT (links in mail, trusted origins): a port given as a word starts again with it set."""
    if port == settings.PORT or settings.PRODUCTION:
        return
    os.environ["PORT"] = str(port)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - itself, with the same words
