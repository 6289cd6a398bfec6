"""How long one pass of the assigner takes, and whether a chat costs more to give while more wait."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from statistics import median

from tests.bench.backing import Backing
from tests.bench.servers import run as run_program
from tests.bench.table import Bar, show, show_bars

TIMES = 3
MOST_SECONDS, MOST_RATIO = 2.0, 1.5


@dataclass(frozen=True)
class Pass:
    """`waiting` chats, 100 people of 20 groups who may hold `limit` each; `told`: whole conversations, people told."""

    waiting: int
    limit: int
    told: bool = False

    @property
    def name(self) -> str:
        return f"{self.waiting} wait, {100 * self.limit} places{', conversations told' if self.told else ''}"


ALL_AT_ONCE = Pass(1_000, 10)
TOLD = Pass(1_000, 10, told=True)
FEW, SOME, MANY = Pass(100, 1), Pass(1_000, 1), Pass(10_000, 1)
WHOLE = Pass(10_000, 100)
PASSES = (ALL_AT_ONCE, TOLD, FEW, SOME, MANY, WHOLE)


@dataclass(frozen=True)
class Took:
    seconds: float
    own: float
    given: int

    @property
    def each(self) -> float:
        """Milliseconds for one chat."""
        return 1000 * self.seconds / self.given


def run(backing: Backing) -> None:
    """Measure every pass on PostgreSQL, each in a new database, and print the bars. Raises what a pass raises."""
    took = {each: _measure(each, backing) for each in PASSES}
    head = ("one pass of the assigner", "given", "seconds", "of it own processor", "ms a chat")
    rows = [[p.name, f"{t.given}", f"{t.seconds:.2f}", f"{t.own:.2f}", f"{t.each:.2f}"] for p, t in took.items()]
    show("PostgreSQL, median of three", head, rows)
    print(f"load of the machine meanwhile: {os.getloadavg()[0]:.1f}")
    show_bars(_bars(took))


def _bars(took: dict[Pass, Took]) -> list[Bar]:
    return [
        Bar("1,000 waiting, 100 people, 20 groups: routing", took[ALL_AT_ONCE].seconds, most=MOST_SECONDS, unit="s"),
        Bar("the same with what the conversations are told", took[TOLD].seconds, most=MOST_SECONDS, unit="s"),
        Bar("a chat with 10,000 waiting / with 100", took[MANY].each / took[FEW].each, most=MOST_RATIO),
        Bar("a chat of 10,000 given / of 100 given", took[WHOLE].each / took[FEW].each, most=MOST_RATIO),
    ]


def _measure(each: Pass, backing: Backing) -> Took:
    tries = [_once(each, backing) for _ in range(TIMES)]
    return Took(median(t.seconds for t in tries), median(t.own for t in tries), tries[0].given)


def _once(each: Pass, backing: Backing) -> Took:
    env = {
        "CHATDESK_VAR": str(backing.new_folder()),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": backing.new_database(),
        "LOG_LEVEL": "WARNING",
    }
    run_program(["manage.py", "migrate", "--verbosity", "0"], env)
    words = ["-m", "tests.bench.assign_desk", str(each.waiting), str(each.limit), *(["told"] if each.told else [])]
    found = json.loads(run_program(words, env))
    if found["given"] != found["held"] or found["given"] != min(each.waiting, 100 * each.limit):
        raise RuntimeError(f"{each.name}: given {found['given']}, held {found['held']}")
    return Took(found["seconds"], found["own"], found["given"])
