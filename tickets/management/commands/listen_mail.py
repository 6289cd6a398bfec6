"""`manage.py listen_mail`: the SMTP listener of a production layout, in a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tickets.listener import listen
from tickets.mailroom import address_of, desk


class Command(BaseCommand):
    help = "Take mails in by SMTP until told to stop. Each is committed before its sender is told so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.MAIL_PORT, help="default: $MAIL_PORT, or a free one")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            asyncio.run(self.serve(host, port))
        except OSError as trouble:
            self.stderr.write(f"{host}:{port}: {trouble.strerror or trouble}")
            sys.exit(1)

    async def serve(self, host: str, port: int) -> None:
        server = await listen(host, port, desk())
        self.stdout.write(address_of(server))
        self.stdout.flush()
        told = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        async with server:
            await told.wait()
