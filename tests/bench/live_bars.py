"""What is wanted of the live figures: ratios within one run on one machine, never a time."""

from __future__ import annotations

from tests.bench import desk, rooms
from tests.bench.measure import Result
from tests.bench.table import Bar

Figures = dict[str, Result]
EMBEDDED, ONE, TWO = desk.EMBEDDED.name, desk.PRODUCTION.name, desk.SPLIT.name
# (what is measured, against what, at least this many times)
RATIOS = (
    (EMBEDDED, rooms.IN_MEMORY.name, 1.0),
    (EMBEDDED, rooms.STORED_SQLITE.name, 5.0),
    (ONE, rooms.OVER_REDIS.name, 1.5),
    (TWO, rooms.OVER_REDIS.name, 1.0),
)
UNITS_ON_UVICORN = 2.5
PROCESSOR_MS = 1.5


def bars(figures: Figures, server: str, unit: float) -> list[Bar]:
    """The bars of one server's figures; `unit` is the rate of the tutorial's room on daphne that stores nothing.

    What was not measured has no bar: why it failed is printed where it failed.
    """
    wanted = [
        Bar(f"{ours} / {theirs}", figures[ours].rate / figures[theirs].rate, least=least)
        for ours, theirs, least in RATIOS
        if ours in figures and theirs in figures and figures[theirs].rate
    ]
    if ONE in figures:
        wanted.append(
            Bar(f"{ONE}: processor, all servers", figures[ONE].processor, most=PROCESSOR_MS, unit="ms/message")
        )
    if ONE in figures and server == "uvicorn":
        wanted.append(Bar(f"{ONE} on uvicorn / unit", figures[ONE].rate / unit, least=UNITS_ON_UVICORN))
    return wanted
