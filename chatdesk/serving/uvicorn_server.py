"""Uvicorn in this process, on uvloop, told to stop by SIGINT and SIGTERM."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from channels.routing import get_default_application
from uvicorn import Config, Server

from chatdesk.serving.lifecycle import FAREWELL_SECONDS, FRAME_BYTES, PING_SECONDS, Listening, begin, farewell


class DeskServer(Server):
    """Uvicorn, but a stop says goodbye first, and a stop that was asked for is a clean end (exit code 0)."""

    def __init__(self, config: Config, listening: Listening) -> None:
        super().__init__(config)
        self.listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        begin(self.listening)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await farewell()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        handlers = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        yield
        for number, handler in handlers.items():
            signal.signal(number, handler)


def run(listening: Listening) -> None:
    """Serve until told to stop."""
    config = Config(
        get_default_application(),
        host=listening.host,
        port=listening.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_per_message_deflate=False,  # its windows cost each idle socket more memory than the frames save
        lifespan="off",
        backlog=512,
        access_log=False,
        log_config=None,
        proxy_headers=False,  # TRUSTED_PROXIES decides, in the product
        server_header=False,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
    )
    DeskServer(config, listening).run()
