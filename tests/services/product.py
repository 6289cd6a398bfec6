"""The real product as its own process, as `make run` starts it: for browser tests and for whatever kills it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.services.process import Process, free_port

DEMO_PASSWORD = "correct horse battery staple"
SHARED_STATIC = "CHATDESK_TEST_STATIC_ROOT"  # where one test process keeps what its products collect


def clean_environment() -> dict[str, str]:
    """This process's environment without what would steer the product."""
    steering = ("CHATDESK_", "DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY", "PORT", "EMAIL_URL", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)}


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Product:
    """One embedded desk with its demo cast, or without (`demo=False`). Every person's password is DEMO_PASSWORD."""

    def __init__(self, *, demo: bool = True, server: str = "daphne", env: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.password = DEMO_PASSWORD
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-product-"))
        command = [
            sys.executable,
            "manage.py",
            "serve",
            "--port",
            str(self.port),
            "--server",
            server,
        ]
        if demo:
            command.append("--demo")
        mine = {
            "CHATDESK_VAR": str(self.folder / "var"), "PORT": str(self.port),
            "STATIC_ROOT": os.environ.get(SHARED_STATIC, str(self.folder / "static")),
            "CHATDESK_DEMO_PASSWORD": DEMO_PASSWORD, "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        self.process = Process(
            "chatdesk", command, self.folder / "log", env={**clean_environment(), **mine, **(env or {})}
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def output(self) -> str:
        return self.process.output

    def outputs(self) -> list[tuple[str, str]]:
        """(name, text) of what each process said, for the report of a failed test."""
        return [(self.process.name, self.output)]

    def start(self) -> None:
        """Start it, again after `kill` or `stop`, on the same port and data. Returns when /healthz answers."""
        self.process.start()
        self.process.wait_ready(lambda: answers(f"{self.url}/healthz"))

    def kill(self) -> None:
        self.process.kill()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        return self.process.stop(number)

    def output_soon(self, words: str, seconds: float = 5) -> str:
        """The output, once it holds `words` (console mail, say) or `seconds` have passed."""
        deadline = time.monotonic() + seconds
        while words not in self.output and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.output

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
