"""Breaks one thing after the other while people talk, and mends each."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.faults.desk import Desk
from tests.faults.history import Fault, History
from tests.services.process import Process

CALM = 4.0  # seconds between faults, so that each one's healing is seen


class Nemesis:
    def __init__(self, desk: Desk, history: History) -> None:
        self.desk, self.history = desk, history
        layout = desk.layout
        self.plan: list[tuple[str, Callable[[], None]]] = [
            ("all lines cut", desk.proxy.cut),
            ("kill -9 of web process 1 (daphne)", lambda: self.kill_web(0)),
            ("Redis killed, 4 s away", lambda: self.away(layout.redis.kill, layout.redis.start, 4)),
            ("half of the lines half-open, 6 s", lambda: self.stall(6)),
            ("kill -9 of web process 2 (uvicorn)", lambda: self.kill_web(1)),
            ("PostgreSQL crashed, 2 s away", lambda: self.away(layout.postgres.crash, layout.postgres.start, 2)),
            ("web process 1 frozen, 4 s", lambda: self.freeze(layout.web[0], 4)),
            ("Redis frozen, 3 s", lambda: self.freeze(layout.redis.process, 3)),
            ("lines cut one by one, 3 s", lambda: self.cut_singly(3)),
            ("web process 2 asked to stop", lambda: self.replace_web(1)),
        ]

    async def rage(self) -> None:
        """Carry the plan out."""
        for name, act in self.plan:
            await asyncio.sleep(CALM)
            with self.record(name):
                await asyncio.to_thread(act)
        await asyncio.sleep(CALM)

    @contextmanager
    def record(self, name: str) -> Iterator[None]:
        fault = Fault(name)
        self.history.faults.append(fault)
        yield
        fault.mended = time.monotonic()

    def kill_web(self, index: int) -> None:
        self.desk.layout.web[index].kill()
        time.sleep(1)
        self.desk.layout.restart_web(index)

    def replace_web(self, index: int) -> None:
        self.desk.layout.web[index].stop()
        self.desk.layout.restart_web(index)

    def away(self, end: Callable[[], None], start: Callable[[], None], seconds: float) -> None:
        end()
        time.sleep(seconds)
        start()

    def stall(self, seconds: float) -> None:
        wires = self.desk.proxy.lines()
        chosen = random.sample(wires, len(wires) // 2)
        self.desk.proxy.hold(chosen)
        time.sleep(seconds)
        self.desk.proxy.release(chosen)

    def freeze(self, process: Process, seconds: float) -> None:
        process.send(signal.SIGSTOP)
        time.sleep(seconds)
        process.send(signal.SIGCONT)

    def cut_singly(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if wires := self.desk.proxy.lines():
                self.desk.proxy.cut([random.choice(wires)])
            time.sleep(0.1)
