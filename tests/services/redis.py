"""A Redis server of the tests' own, which writes nothing to the disk."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Self

from tests.services.parts import REDIS
from tests.services.process import Process, accepts, free_port


class Redis:
    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-redis-"))
        command = [
            REDIS.path(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--databases",
            "64",
            "--dir",
            str(self.folder),
            "--daemonize",
            "no",
        ]
        self.process = Process("Redis", command, self.folder / "log")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready(lambda: accepts(self.port))

    def kill(self) -> None:
        self.process.kill()

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"
