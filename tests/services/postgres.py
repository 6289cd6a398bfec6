"""A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.services.parts import POSTGRES
from tests.services.process import Process, free_port

# What a crash of the machine would lose does not matter to a test; what a crash of the server would lose still does.
FAST = ("-c", "fsync=off", "-c", "full_page_writes=off")
SETTINGS = (
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "unix_socket_directories=",
    "-c",
    "max_connections=200",
    "-c",
    "shared_buffers=128MB",
    "-c",
    "timezone=UTC",
)


class Postgres:
    """`durable` keeps fsync on, as a real one runs (benches); without it tests are quicker."""

    def __init__(self, durable: bool = False) -> None:
        self.binaries = Path(POSTGRES.path())
        self.durable = durable
        self.port = free_port()
        # PostgreSQL refuses to run as root; its package brings the user for it.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-postgres-"))
        self.process = Process("PostgreSQL", self._command(), self.folder / "log", user=self.user)

    def _command(self) -> list[str]:
        fast = () if self.durable else FAST
        return [
            str(self.binaries / "postgres"),
            "-D",
            str(self.folder / "data"),
            "-p",
            str(self.port),
            *SETTINGS,
            *fast,
        ]

    def __enter__(self) -> Self:
        try:
            self._create()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, command: Sequence[str]) -> None:
        who = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=self.folder, **who)  # type: ignore[call-overload]

    def _create(self) -> None:
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        options = ["--username=chatdesk", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        if not self.durable:
            options.append("--no-sync")
        self._run([str(self.binaries / "initdb"), "-D", str(self.folder / "data"), *options])

    def _answers(self) -> bool:
        asked = [
            str(self.binaries / "pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "chatdesk",
            "-d",
            "postgres",
        ]
        return subprocess.run(asked, check=False, timeout=10).returncode == 0

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready(self._answers)

    def crash(self) -> None:
        """An immediate shutdown, as after a crash: the next start recovers from the log."""
        self.process.stop(signal.SIGQUIT)

    def stop(self) -> None:
        self.process.stop(signal.SIGINT)  # PostgreSQL's "fast shutdown"
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self, name: str = "chatdesk") -> str:
        """Make an empty database. Its URL, for DATABASE_URL."""
        login = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "chatdesk"]
        self._run([str(self.binaries / "createdb"), *login, name])
        return self.url(name)

    def url(self, name: str = "chatdesk") -> str:
        return f"postgres://chatdesk@127.0.0.1:{self.port}/{name}"
