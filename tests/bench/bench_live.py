"""Messages a second, durable, acknowledged and in order, beside the tutorial's room on the same server."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial

from tests.bench import desk, rooms
from tests.bench.backing import Backing
from tests.bench.live_bars import Figures, bars
from tests.bench.measure import FOREIGN_LOAD, Result
from tests.bench.rooms import Room
from tests.bench.servers import SERVERS
from tests.bench.table import show, show_bars

SECONDS = 6.0
PAIRS = (20, 100)
ROOMS = (
    rooms.IN_MEMORY,
    rooms.STORED_SQLITE,
    rooms.STORED_SQLITE_KEPT,
    rooms.OVER_REDIS,
    rooms.OVER_PUBSUB,
    rooms.STORED_POSTGRES_KEPT,
)
# The others are there for comparison only: no bar is set against them, and 20 pairs show enough.
ROOMS_WITH_BARS = (rooms.IN_MEMORY, rooms.STORED_SQLITE, rooms.OVER_REDIS)
LAYOUTS = (desk.EMBEDDED, desk.PRODUCTION, desk.SPLIT)
HEAD = ("", "messages/s", "units", "p50 ms", "p99 ms", "cpu ms/message", "")


def run(backing: Backing, seconds: float = SECONDS) -> None:
    """Print a table for each server and number of pairs, with its bars. A part that fails is said, and passed over."""
    for pairs in PAIRS:
        measured = {server: _measure_all(server, pairs, seconds, backing) for server in SERVERS}
        unit = _unit(measured[SERVERS[0]])
        for server, figures in measured.items():
            show(f"{server}, {pairs} pairs (unit: {unit:.0f} messages/s)", HEAD, _rows(figures, unit))
            show_bars(bars(figures, server, unit))
            _warn(figures)


def _warn(figures: Figures) -> None:
    foreign = max((result.foreign for result in figures.values()), default=0.0)
    if foreign > FOREIGN_LOAD:
        print(f"Other programs used up to {foreign:.1f} cores meanwhile: believe only what a quiet machine says.")


def _unit(figures: Figures) -> float:
    """Messages a second of the tutorial's room; without it there is nothing to compare with."""
    room = figures.get(rooms.IN_MEMORY.name)
    if room is None or not room.rate:
        raise RuntimeError("the unit of all comparisons could not be measured")
    return room.rate


def _measure_all(server: str, pairs: int, seconds: float, backing: Backing) -> Figures:
    figures: Figures = {}
    for room in _rooms(pairs):
        _try(figures, room.name, partial(rooms.drive, room, server, pairs, seconds, backing))
    for layout in LAYOUTS:
        _try(figures, layout.name, partial(desk.drive, layout, server, pairs, seconds, backing))
    return figures


def _rooms(pairs: int) -> tuple[Room, ...]:
    return ROOMS if pairs == PAIRS[0] else ROOMS_WITH_BARS


def _try(figures: Figures, name: str, drive: Callable[[], Result]) -> None:
    try:
        figures[name] = drive()
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"{name}: {error}", flush=True)


def _rows(figures: Figures, unit: float) -> list[list[str]]:
    return [
        [
            name,
            f"{result.rate:.0f}",
            f"{result.rate / unit:.2f}",
            f"{result.outcome.p50:.1f}",
            f"{result.outcome.p99:.1f}",
            f"{result.processor:.2f}",
            "; ".join(result.notes),
        ]
        for name, result in figures.items()
    ]
