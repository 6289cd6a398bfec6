"""What records cost the live chat: the same desk with its recorder and without, by turns, so that noise meets both."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from tests.bench import desk
from tests.bench.backing import Backing
from tests.bench.desk import Layout
from tests.bench.measure import FOREIGN_LOAD, Result
from tests.bench.table import Bar, show, show_bars

PAIRS, SECONDS, TIMES = 20, 5.0, 3
SERVER = "uvicorn"  # the quicker one: there the records weigh most
LEAST = 0.9
LAYOUTS = (desk.EMBEDDED, desk.PRODUCTION)
HEAD = ("", "messages/s", "cpu ms/message", "p99 ms")

Runs = dict[bool, list[Result]]  # by whether it was recorded


def run(backing: Backing) -> None:
    """Print a table and a bar for each way to run. Raises what a run raises."""
    for layout in LAYOUTS:
        runs = _runs(layout, backing)
        show(
            f"{layout.name}, {SERVER}, {PAIRS} pairs, median of {TIMES}",
            HEAD,
            [_row(runs, recorded=each) for each in runs],
        )
        show_bars(
            [Bar(f"{layout.name}: rate with records / without", _rate(runs[True]) / _rate(runs[False]), least=LEAST)]
        )
        _warn(runs)


def _runs(layout: Layout, backing: Backing) -> Runs:
    bare = replace(layout, settings="tests.bench.unrecorded")
    runs: Runs = {False: [], True: []}
    for _ in range(TIMES):
        for recorded, way in ((False, bare), (True, layout)):
            runs[recorded].append(desk.drive(way, SERVER, PAIRS, SECONDS, backing))
    return runs


def _rate(results: list[Result]) -> float:
    return median(result.rate for result in results)


def _row(runs: Runs, *, recorded: bool) -> list[str]:
    results = runs[recorded]
    processor = median(result.processor for result in results)
    slowest = median(result.outcome.p99 for result in results)
    return ["with records" if recorded else "without", f"{_rate(results):.0f}", f"{processor:.2f}", f"{slowest:.1f}"]


def _warn(runs: Runs) -> None:
    foreign = max(result.foreign for results in runs.values() for result in results)
    if foreign > FOREIGN_LOAD:
        print(f"Other programs used up to {foreign:.1f} cores meanwhile: believe only what a quiet machine says.")
