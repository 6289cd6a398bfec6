"""Processes that can be killed at any line: a parent with the product loaded (parent.py) has a child for every deed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.db import connection

from tests.services.process import ROOT

LOAD_SECONDS = 60


def database_url() -> str:
    """Where the test's own database is, as DATABASE_URL says it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@dataclass
class Child:
    nursery: Nursery
    pid: int
    result: Path

    def kill(self) -> None:
        """SIGKILL: no handler, no clean-up, no last word. Harmless if it has ended."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def end(self) -> int:
        """Wait for it: 0, or the number of the signal that killed it. Raises RuntimeError if it failed by itself."""
        status = int(self.nursery.line())
        if os.WIFSIGNALED(status):
            return os.WTERMSIG(status)
        if status:
            raise RuntimeError(self.nursery.errors[-4000:])
        return 0

    def end_anyhow(self) -> None:
        """Wait for it, whether it ended well or in an error."""
        self.nursery.line()


class Nursery:
    def __init__(self, database: str = "", **env: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nursery-", dir=os.environ["CHATDESK_VAR"]))
        self.env = {**os.environ, "DATABASE_URL": database or database_url(), **env}
        self.count = 0

    def __enter__(self) -> Self:
        with (self.folder / "errors").open("wb") as errors:
            command = [sys.executable, "-m", "tests.mail.faults.parent"]
            pipes: dict[str, Any] = {
                "stdin": subprocess.PIPE,
                "stdout": subprocess.PIPE,
                "stderr": errors,
                "text": True,
            }
            self.parent = subprocess.Popen(command, cwd=ROOT, env=self.env, **pipes)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for pipe in (self.parent.stdin, self.parent.stdout):
            if pipe is not None:
                pipe.close()
        self.parent.wait(LOAD_SECONDS)

    @property
    def errors(self) -> str:
        return (self.folder / "errors").read_text(errors="replace")

    def line(self) -> str:
        said: str = self.parent.stdout.readline() if self.parent.stdout else ""
        if not said:
            raise RuntimeError(f"the parent of all children is gone\n{self.errors[-4000:]}")
        return said

    def begin(self, deed: str, ahead: float = 0, **facts: Any) -> Child:
        """A child that does `tests.mail.faults.deeds.<deed>(**facts)` with its clock `ahead` seconds, running now."""
        self.count += 1
        result = self.folder / f"result-{self.count}"
        order = {"deed": deed, "ahead": ahead, "facts": facts, "result": str(result)}
        if self.parent.stdin is None:
            raise RuntimeError("the parent was never started")
        self.parent.stdin.write(json.dumps(order) + "\n")
        self.parent.stdin.flush()
        return Child(self, int(self.line()), result)

    def call(self, deed: str, ahead: float = 0, **facts: Any) -> Any:
        """The same, to its end: what it returned."""
        child = self.begin(deed, ahead, **facts)
        child.end()
        return json.loads(child.result.read_text())
