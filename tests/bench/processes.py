"""Child processes of a bench: started in a session of their own, waited for, always stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 10


@dataclass(frozen=True)
class Child:
    """A started process; `log` holds what it wrote."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(name: str, command: Sequence[str], env: Mapping[str, str], folder: Path, user: str | None = None) -> Child:
    """Start `command` from the repository's root with `env` added; its output goes to `folder`/`name`.log."""
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        popen = subprocess.Popen(
            command, env={**os.environ, **env}, cwd=ROOT, stdout=out, stderr=out, start_new_session=True, user=user
        )
    return Child(name, popen, log)


def wait_for_port(child: Child, port: int, seconds: float = 30) -> None:
    """Return when `port` answers; raises RuntimeError, with the end of the log, if the child ends or time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and child.popen.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{child.name} did not start:\n{tail(child.log)}")


def run(command: Sequence[str], env: Mapping[str, str], seconds: float = 120) -> str:
    """Run `command` to its end and return what it printed; raises RuntimeError with its errors."""
    done = subprocess.run(command, env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True, timeout=seconds)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def stop(child: Child, by: signal.Signals = signal.SIGTERM) -> None:
    """End the child with `by`, or its whole session with SIGKILL when it has not gone after ten seconds."""
    if child.popen.poll() is None:
        child.popen.send_signal(by)
    try:
        child.popen.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.popen.wait(STOP_SECONDS)


def tail(log: Path, characters: int = 3000) -> str:
    """The end of a log file."""
    return log.read_text(errors="replace")[-characters:] if log.exists() else ""
