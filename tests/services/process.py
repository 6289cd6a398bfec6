"""One child process of the tests: started, waited for, stopped or killed, its output kept in a file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class StartFailed(RuntimeError):
    """A server ended, or did not answer, before it was ready."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask `ready` every 50 ms. Raises StartFailed after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise StartFailed(f"{what} within {seconds:g} seconds: it did not happen")
        time.sleep(0.05)


class Process:
    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.name, self.command, self.log, self.env, self.user = name, list(command), log, env, user
        self.child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        if self.child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.child.pid

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def start(self) -> None:
        # A group of its own: Ctrl-C at the terminal reaches the runner, which then stops its servers in order.
        who = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with self.log.open("ab") as sink:
            self.child = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.env or os.environ),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **who,  # type: ignore[call-overload]
            )

    def wait_ready(self, ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Raises StartFailed with the end of the output when the process ends or `seconds` pass."""
        try:
            wait_until(lambda: ready() or not self.running, seconds, f"{self.name} answers")
        except StartFailed as error:
            raise StartFailed(f"{error}\n{self.output[-3000:]}") from error
        if not self.running:
            raise StartFailed(f"{self.name} ended while starting\n{self.output[-3000:]}")

    def send(self, number: signal.Signals) -> None:
        if self.running:
            os.kill(self.pid, number)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """The exit code. Raises subprocess.TimeoutExpired."""
        if self.child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.child.wait(seconds)

    def kill(self) -> None:
        """End it the hard way (SIGKILL to its whole group) and reap it."""
        if self.running:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """End it the polite way, the hard way when that takes too long. The exit code, or None if never started."""
        self.send(number)
        try:
            return self.wait(STOP_SECONDS) if self.child else None
        except subprocess.TimeoutExpired:
            self.kill()
            return self.wait()
