"""A process that is killed at a chosen line of our own code: what a power cut leaves, without waiting for one."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connections

from tests.services.process import ROOT

OURS = tuple(f"{ROOT}/{app}/" for app in ("tickets", "chatdesk", "routing"))


def lines_of(deed: Callable[[], object]) -> int:
    """How many lines of ours a deed runs, in a process of its own that does it to the end."""
    reading, writing = os.pipe()
    counter = _Counter(sys.maxsize)
    pid = _forked(deed, counter, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        count = told.read()
    assert os.waitpid(pid, 0)[1] == 0, "the deed failed by itself"
    return int(count)


def kill_at(line: int, deed: Callable[[], object]) -> bool:
    """Do the deed in a process that is killed (SIGKILL) at its n-th line; whether it was, or had ended before."""
    pid = _forked(deed, _Counter(line), -1)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the deed failed by itself"
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


class _Counter:
    def __init__(self, limit: int) -> None:
        self.limit, self.count = limit, 0

    def call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self.line if frame.f_code.co_filename.startswith(OURS) else None

    def line(self, _frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self.count += 1
            if self.count >= self.limit:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.line


def _forked(deed: Callable[[], object], counter: _Counter, told: int) -> int:
    """No connection crosses the fork: parent and child each open their own."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        sys.settrace(counter.call)
        deed()
        sys.settrace(None)
        if told >= 0:
            os.write(told, str(counter.count).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
