"""How quickly the first page of a search is there, beside the same by SQL alone: on a desk of a million entries."""

from __future__ import annotations

import json
import os
import secrets
import statistics

from tests.bench.backing import Backing
from tests.bench.scale_data import ENTRIES_EACH
from tests.bench.servers import run as run_program
from tests.bench.table import Bar, show, show_bars

CONVERSATIONS = int(os.environ.get("CHATDESK_BENCH_CONVERSATIONS", "100000"))
MOST = 2.0
SECONDS = 1800.0
Row = tuple[str, int, float, float]


def run(backing: Backing) -> None:
    """Measure on PostgreSQL and print the bar. Raises what the worker raises."""
    env = {
        "CHATDESK_VAR": str(backing.new_folder()),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": backing.new_database(),
    }
    run_program(["manage.py", "migrate", "--verbosity", "0"], env)
    rows: list[Row] = json.loads(run_program(["-m", "tests.bench.search_desk", str(CONVERSATIONS)], env, SECONDS))
    head = ("search", "conversations", "ours, ms", "SQL alone, ms")
    cells = [[line, str(found), f"{ours:.1f}", f"{hand:.1f}"] for line, found, ours, hand in rows]
    show(f"the first page, over {CONVERSATIONS * ENTRIES_EACH} entries", head, cells)
    print(f"load of the machine meanwhile: {os.getloadavg()[0]:.1f}")
    show_bars([Bar("first page, p95: ours / SQL alone", _p95(rows, 2) / _p95(rows, 3), most=MOST)])


def _p95(rows: list[Row], column: int) -> float:
    return statistics.quantiles([float(row[column]) for row in rows], n=20, method="inclusive")[-1]
