"""Web processes of a bench on free ports, and programs that are run to their end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.process import ROOT, Process, accepts, free_port
from tests.services.product import clean_environment

SERVERS = ("daphne", "uvicorn")
RUN_SECONDS = 180
AS_THE_DESK = ("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio", "--lifespan", "off")


@dataclass(frozen=True)
class Web:
    """A web process that answers on `port` of 127.0.0.1."""

    port: int
    process: Process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


def application_command(server: str, application: str, port: int) -> list[str]:
    """The command line that serves `application` ("module:name"); KeyError for an unknown server."""
    options = {
        "daphne": ["-b", "127.0.0.1", "-v", "0", "-p", str(port)],
        "uvicorn": ["--host", "127.0.0.1", *AS_THE_DESK, "--log-level", "warning", "--port", str(port)],
    }[server]
    return [sys.executable, "-m", server, *options, application]


def desk_command(server: str, port: int) -> list[str]:
    """The command line that serves the product itself."""
    return [sys.executable, "manage.py", "serve", "--server", server, "--port", str(port)]


@contextmanager
def serve(port: int, command: Sequence[str], env: Mapping[str, str], folder: Path) -> Iterator[Web]:
    """Run `command` until the block ends. Raises StartFailed with its output when `port` does not answer."""
    process = Process(f"web on {port}", command, folder / f"web-{port}.log", env={**clean_environment(), **env})
    with process:
        process.wait_ready(lambda: accepts(port))
        yield Web(port, process)


def run(words: Sequence[str], env: Mapping[str, str], seconds: float = RUN_SECONDS) -> str:
    """Run Python with `words` from the repository's root; what it printed. Raises RuntimeError with its errors."""
    command = [sys.executable, *words]
    done = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env={**clean_environment(), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
    return done.stdout


__all__ = ["SERVERS", "Web", "application_command", "desk_command", "free_port", "run", "serve"]
