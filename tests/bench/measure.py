"""One measured run: the load generator beside a server, and the processor time the servers spent meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import msgspec

from tests.bench import machine
from tests.bench.plan import Outcome, Plan
from tests.services.process import ROOT

SPARE_SECONDS = 90
CLIENT_BOUND = 0.9
FOREIGN_LOAD = 0.15  # cores


@dataclass(frozen=True)
class Result:
    """A run's figures. `rate` is messages a second; `processor` milliseconds of all servers for one message.

    `foreign` is how many cores other programs of the machine used meanwhile.
    """

    outcome: Outcome
    rate: float
    processor: float
    foreign: float
    notes: tuple[str, ...]


def measure(plan: Plan, servers: Sequence[int]) -> Result:
    """Run `plan` while watching the process trees `servers`; raises RuntimeError when the load generator fails."""
    load = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        return _watch(load, plan, servers)
    finally:
        load.kill()
        load.communicate()


def _watch(load: subprocess.Popen[bytes], plan: Plan, servers: Sequence[int]) -> Result:
    said, complained = _begin(load, plan)
    if said.readline() != b"go\n":
        raise RuntimeError(f"the load generator failed:\n{complained.read().decode()[-3000:]}")
    before = machine.read(servers)

    time.sleep(plan.seconds)
    spent = machine.read(servers).since(before)
    out, errors = load.communicate(timeout=SPARE_SECONDS)
    if load.returncode:
        raise RuntimeError(f"the load generator failed:\n{errors.decode()[-3000:]}")
    return _result(msgspec.json.decode(out, type=Outcome), spent)


def _begin(load: subprocess.Popen[bytes], plan: Plan) -> tuple[IO[bytes], IO[bytes]]:
    if load.stdin is None or load.stdout is None or load.stderr is None:
        raise RuntimeError("the load generator has no pipes")
    load.stdin.write(msgspec.json.encode(plan))
    load.stdin.close()
    load.stdin = None
    return load.stdout, load.stderr


def _result(outcome: Outcome, spent: machine.Reading) -> Result:
    rate = outcome.done / outcome.seconds
    processor = 1000 * spent.watched / max(outcome.done, 1)
    foreign = (spent.machine - spent.watched - outcome.client) / spent.clock
    return Result(outcome, rate, processor, foreign, tuple(_notes(outcome, foreign)))


def _notes(outcome: Outcome, foreign: float) -> list[str]:
    notes = [f"{count} x {what}" for what, count in outcome.faults.items()]
    if outcome.client > CLIENT_BOUND * outcome.seconds:
        notes.append("the load generator was the limit")
    if foreign > FOREIGN_LOAD:
        notes.append(f"other programs used {foreign:.1f} cores")
    return notes
