"""Processor time and memory of process trees, and what the rest of the machine does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Reading:
    """Seconds: the clock, the processor time of the watched trees, and of the whole machine."""

    clock: float
    watched: float
    machine: float

    def since(self, earlier: Reading) -> Reading:
        return Reading(self.clock - earlier.clock, self.watched - earlier.watched, self.machine - earlier.machine)


def read(pids: Iterable[int]) -> Reading:
    """Processor seconds used so far by the process trees that start at `pids`."""
    busy = psutil.cpu_times()
    spent = busy.user + busy.system + busy.nice + busy.softirq + busy.irq
    return Reading(time.monotonic(), sum(_tree_seconds(pid) for pid in pids), spent)


def resident(pid: int) -> int:
    """Bytes of memory that the tree of `pid` holds (RSS)."""
    return sum(process.memory_info().rss for process in _tree(pid))


def _tree(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def _tree_seconds(pid: int) -> float:
    # A reaped child's time moves into its parent's children_* fields, so nothing is counted twice or lost.
    times = [process.cpu_times() for process in _tree(pid)]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)
