"""The desk's own SMTP listener, on a loop of its own, for tests that ring at it."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chatdesk.dbthreads import close_connections
from tickets.actions.processing import process
from tickets.listener import Desk, listen


@dataclass
class Door:
    """An open listener."""

    port: int
    desk: Desk
    loop: asyncio.AbstractEventLoop

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=10)

    def deliver(self, raw: bytes, *recipients: str, sender: str = "v.real@home.test") -> dict[str, tuple[int, bytes]]:
        """One transaction as smtplib does it; the recipients that were refused."""
        with self.smtp() as line:
            return line.sendmail(sender, list(recipients), raw)

    def raw_line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


@contextmanager
def open_door(desk: Desk | None = None) -> Iterator[Door]:
    """Listen until the block ends. What is kept is worked off at once, unless `desk` says otherwise."""
    desk = desk or Desk(process=process)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="doorbell")
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen("127.0.0.1", 0, desk), loop).result(10)
    try:
        yield Door(server.sockets[0].getsockname()[1], desk, loop)
    finally:
        asyncio.run_coroutine_threadsafe(_shut(server), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _shut(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
    working = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.wait(working, timeout=10) if working else None
    await close_connections()
