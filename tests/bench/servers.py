"""Web servers of a bench: any ASGI application under daphne or uvicorn, each process on a free port."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import processes
from tests.bench.processes import Child

SERVERS = ("daphne", "uvicorn")


@dataclass(frozen=True)
class Web:
    """A web process that answers on `port`."""

    port: int
    child: Child

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def command(server: str, application: str, port: int) -> list[str]:
    """The command line that serves `application` ("module:name") on 127.0.0.1:`port`; KeyError for another server."""
    at = {"daphne": ["-b", "127.0.0.1", "-v", "0"], "uvicorn": ["--host", "127.0.0.1", "--log-level", "warning"]}
    port_flag = {"daphne": "-p", "uvicorn": "--port"}[server]
    return [sys.executable, "-m", server, *at[server], port_flag, str(port), application]


@contextmanager
def serve(server: str, application: str, env: Mapping[str, str], folder: Path) -> Iterator[Web]:
    """One process of `application`; raises RuntimeError with its log when it does not start."""
    port = processes.free_port()
    child = processes.start(f"{server}-{port}", command(server, application, port), env, folder)
    try:
        processes.wait_for_port(child, port)
        yield Web(port, child)
    finally:
        processes.stop(child)
