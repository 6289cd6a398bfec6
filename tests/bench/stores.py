"""A PostgreSQL and a Redis of the bench's own, on free ports of 127.0.0.1.

PostgreSQL keeps its defaults for safety (fsync and synchronous_commit on): a figure for durable messages that
was measured without them would mean nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import processes
from tests.bench.processes import Child

POSTGRES_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1]


@dataclass(frozen=True)
class Store:
    """A running database or Redis; `url` without a database name for PostgreSQL."""

    url: str
    child: Child

    def database(self, name: str) -> str:
        return f"{self.url}/{name}"


@contextmanager
def redis(folder: Path) -> Iterator[Store]:
    """A Redis that keeps nothing on disk; raises RuntimeError when it is not installed or does not start."""
    port = processes.free_port()
    command = [_found("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    child = processes.start("redis", command, {}, folder)
    try:
        processes.wait_for_port(child, port)
        yield Store(f"redis://127.0.0.1:{port}", child)
    finally:
        processes.stop(child)


@contextmanager
def postgresql(folder: Path) -> Iterator[Store]:
    """A PostgreSQL with an empty cluster; raises RuntimeError when it is not installed or does not start."""
    data, port, user = folder / "pgdata", processes.free_port(), _postgres_user()
    data.mkdir()
    if user:
        folder.chmod(0o711)
        shutil.chown(data, user)
    _as_user(user, [_found("initdb"), "-D", str(data), "-U", "bench", "-A", "trust", "--no-sync"], folder)
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={data}", "max_connections=200"]
    options = [part for setting in settings for part in ("-c", setting)]
    child = processes.start("postgres", [_found("postgres"), "-D", str(data), *options], {}, folder, user)
    try:
        processes.wait_for_port(child, port)
        yield Store(f"postgresql://bench@127.0.0.1:{port}", child)
    finally:
        processes.stop(child, signal.SIGINT)


def create_database(store: Store, name: str) -> str:
    """Create an empty database and return its URL."""
    processes.run([_found("psql"), store.database("postgres"), "-qc", f'CREATE DATABASE "{name}"'], {})
    return store.database(name)


def run_sql(url: str, sql: str, seconds: float = 300) -> str:
    """Run `sql` in the database of `url` and return the bare rows; raises RuntimeError at the first error."""
    command = [_found("psql"), url, "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql]
    return processes.run(command, {}, seconds)


def _as_user(user: str | None, command: list[str], folder: Path) -> None:
    child = processes.start("initdb", command, {}, folder, user)
    if child.popen.wait(120):
        raise RuntimeError(f"initdb failed:\n{processes.tail(child.log)}")


def _postgres_user() -> str | None:
    """PostgreSQL refuses to run as root; its package brings a user for it."""
    return "postgres" if os.geteuid() == 0 else None


def _found(name: str) -> str:
    path = shutil.which(name) or next(
        (str(folder / name) for folder in POSTGRES_BINARIES if (folder / name).exists()), ""
    )
    if not path:
        raise RuntimeError(f"{name} is not installed; `make test` installs it")
    return path
