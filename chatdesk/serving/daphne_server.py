"""Daphne in this process, on the asyncio reactor, told to stop by SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from channels.routing import get_default_application
from daphne.server import Server

from chatdesk.serving.daphne_requests import DeskFactory
from chatdesk.serving.lifecycle import FRAME_BYTES, PING_SECONDS, Listening, begin, farewell


class DeskServer(Server):
    """Daphne, but a stop says goodbye first, and a failure to listen is not taken for a clean end."""

    failure: str = ""
    stopping: asyncio.Task[None] | None = None

    @property
    def http_factory(self) -> DeskFactory:
        return self._http_factory

    @http_factory.setter
    def http_factory(self, _daphne_s_own: object) -> None:
        """Daphne makes its own when it runs, and offers no other way to choose one."""
        self._http_factory = DeskFactory(self)

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        self.stop()

    def on_signal(self) -> None:
        """The first signal says goodbye and stops; a second one stops at once."""
        if self.stopping is None:
            self.stopping = asyncio.get_event_loop().create_task(self.stop_politely())
        else:
            self.stop()

    async def stop_politely(self) -> None:
        for listener in self.listeners:
            listener.addCallback(lambda port: port.stopListening())
        await farewell()
        self.stop()


def _endpoint(listening: Listening) -> str:
    host = listening.host.replace(":", "\\:")
    kind = "tcp6" if ":" in listening.host else "tcp"
    return f"{kind}:port={listening.port}:interface={host}:backlog=512"


def run(listening: Listening) -> None:
    """Serve until told to stop. Raises OSError if it can't listen."""

    def ready() -> None:
        loop = asyncio.get_event_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, server.on_signal)
        loop.call_soon(begin, listening)  # the reactor starts the loop after this

    server = DeskServer(
        get_default_application(),
        endpoints=[_endpoint(listening)],
        signal_handlers=False,
        server_name="chatdesk",
        ping_interval=PING_SECONDS,
        websocket_max_message_size=FRAME_BYTES,
        websocket_max_frame_size=FRAME_BYTES,
        ready_callable=ready,
    )
    server.run()
    if server.failure:
        raise OSError(server.failure)
