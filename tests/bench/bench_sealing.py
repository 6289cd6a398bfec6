"""What records cost the live chat: a desk with its recorder and one without stand side by side, and are driven by short
turns, so that whatever else the machine does meets both. The rate is compared turn by turn.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from statistics import median

from tests.bench import desk
from tests.bench.backing import Backing
from tests.bench.desk import Layout
from tests.bench.measure import FOREIGN_LOAD, Result
from tests.bench.table import Bar, show, show_bars

PAIRS, SECONDS, TURNS = 20, 2.0, 9
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
            f"{layout.name}, {SERVER}, {PAIRS} pairs, median of {TURNS}",
            HEAD,
            [_row(runs, recorded=each) for each in runs],
        )
        show_bars([Bar(f"{layout.name}: rate with records / without", _ratio(runs), least=LEAST)])
        _warn(runs)


def _runs(layout: Layout, backing: Backing) -> Runs:
    bare = replace(layout, settings="tests.bench.unrecorded")
    runs: Runs = {False: [], True: []}
    with ExitStack() as stack:
        desks = {
            recorded: stack.enter_context(desk.running(way, SERVER, PAIRS, backing))
            for recorded, way in ((False, bare), (True, layout))
        }
        for number in range(TURNS):
            for recorded in (False, True) if number % 2 else (True, False):
                runs[recorded].append(desk.turn(desks[recorded], SECONDS))
    return runs


def _ratio(runs: Runs) -> float:
    return median(recorded.rate / bare.rate for recorded, bare in zip(runs[True], runs[False], strict=True))


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
