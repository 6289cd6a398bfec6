"""Whether the desk stays quick: a thousand conversations beside a hundred thousand with a million entries."""

from __future__ import annotations

import statistics
import time
import urllib.request

from tests.bench import desk
from tests.bench.backing import Backing
from tests.bench.desk import BUTTON, PRODUCTION, Desk
from tests.bench.scale_data import ENTRIES_EACH, grow
from tests.bench.table import Bar, show, show_bars

SMALL, LARGE = 1_000, 100_000
OPERATOR = "operator0@desk.example"
TIMES = 20
MOST = 3.0
Timings = dict[str, float]


def run(backing: Backing, large: int = LARGE) -> None:
    """Measure both sizes on PostgreSQL and print the bars. Raises what the desk, the database or HTTP raises."""
    small, big = _measure(SMALL, backing), _measure(large, backing)
    head = ("", f"{SMALL} conversations, ms", f"{large} conversations ({large * ENTRIES_EACH} entries), ms")
    show("median of a request", head, [[name, f"{small[name]:.1f}", f"{big[name]:.1f}"] for name in small])
    show_bars([Bar(f"{name}: large / small", big[name] / small[name], most=MOST) for name in small])


def _measure(conversations: int, backing: Backing) -> Timings:
    with desk.running(PRODUCTION, "daphne", 1, backing) as running:
        ref = grow(running.env["DATABASE_URL"], conversations, BUTTON, OPERATOR)
        return {name: _median(running, path) for name, path in _paths(ref).items()}


def _paths(ref: str) -> dict[str, str]:
    return {
        "the dashboard's first page": "/desk/",
        "its list of waiting chats": "/desk/lists/waiting/",
        "its list of own chats": "/desk/lists/mine/",
        "its list of the groups' chats": "/desk/lists/groups/",
        "opening a conversation": f"/desk/conversations/{ref}/",
    }


def _median(running: Desk, path: str) -> float:
    _get(running, path)
    return 1000 * statistics.median(_get(running, path) for _ in range(TIMES))


def _get(running: Desk, path: str) -> float:
    """Seconds until the whole answer was read. Raises RuntimeError when the desk sent us elsewhere, as to sign in."""
    request = urllib.request.Request(running.webs[0].http + path, headers={"Cookie": running.operators[0]})
    begun = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()
        if answer.url != request.full_url:
            raise RuntimeError(f"{path} led to {answer.url}")
    return time.perf_counter() - begun
