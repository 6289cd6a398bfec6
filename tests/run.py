"""Runs the tests in passes, each against the servers it needs: `python -m tests.run [pass ...]`.

embedded   everything but the browser, on SQLite and the in-process bus
browser    the whole story in real Chromium, against the real product
production the same tests as embedded, on PostgreSQL and Redis
faults     kills and starves parts of a production layout; only when named
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.services.environment import BUSES, DATABASE
from tests.services.postgres import Postgres
from tests.services.process import ROOT
from tests.services.redis import Redis

WORKERS = 2  # what two cores carry; more makes waits in the tests longer, not the pass shorter
PASS_SECONDS = 1500
TESTS_FAILED = 1  # pytest's own exit code
FEW = 5
LAST_FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
ONLY_FAILED = ("--last-failed", "--last-failed-no-failures=none")


@dataclass(frozen=True)
class Pass:
    marks: str
    parallel: bool = True
    servers: bool = False
    again: bool = False  # a browser or a server on a busy machine may be late: the few that failed are asked once more


PASSES = {
    "embedded": Pass("not browser and not faults and not bench and not ad", again=True),
    "browser": Pass("browser", again=True),
    "production": Pass("not browser and not faults and not bench and not ad and not once", servers=True, again=True),
    "faults": Pass("faults", parallel=False),
    "ad": Pass("ad", parallel=False),
}
USUAL = ("embedded", "browser", "production")


@contextmanager
def services(wanted: bool) -> Iterator[dict[str, str]]:
    """PostgreSQL and a Redis for each worker, started if wanted and always stopped. What a pass's environment adds."""
    with ExitStack() as started:
        if not wanted:
            yield {}
            return
        postgres = started.enter_context(Postgres())
        buses = [started.enter_context(Redis()) for _ in range(WORKERS)]
        yield {DATABASE: postgres.url(), BUSES: ",".join(bus.url() for bus in buses)}


def pytest_command(chosen: Pass, extra: list[str], *, parallel: bool) -> list[str]:
    workers = ["-n", str(WORKERS), "--dist", "loadfile"] if parallel else []
    return [sys.executable, "-m", "pytest", "-q", "-m", chosen.marks, *workers, *extra]


def asked_again(chosen: Pass, code: int) -> bool:
    """Whether so few failed that a busy machine may be the reason: these are named."""
    if not chosen.again or code != TESTS_FAILED or not LAST_FAILED.exists():
        return False
    names = list(json.loads(LAST_FAILED.read_text()))
    if not 0 < len(names) <= FEW:
        return False
    print("\n".join(["--- asked again, alone:", *names]), flush=True)
    return True


def run_pass(name: str, extra: list[str], base: Mapping[str, str]) -> int:
    """pytest's exit code; a pass that finds no test at all has failed (pytest's own 5)."""
    chosen = PASSES[name]
    print(f"--- {name}", flush=True)
    began = time.monotonic()
    LAST_FAILED.unlink(missing_ok=True)  # what failed in another pass is not this one's
    with services(chosen.servers) as added:
        env = {**base, **added}
        code = call(pytest_command(chosen, extra, parallel=chosen.parallel), env)
        if asked_again(chosen, code):
            code = call(pytest_command(chosen, [*extra, *ONLY_FAILED], parallel=False), env)
    print(f"--- {name}: {time.monotonic() - began:.0f} s, exit code {code}", flush=True)
    return code


def call(command: list[str], env: Mapping[str, str]) -> int:
    done = subprocess.run(command, check=False, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, timeout=PASS_SECONDS)
    return done.returncode


def main(words: list[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped run stops its servers too
    names = [word for word in words if word in PASSES] or list(USUAL)
    extra = [word for word in words if word not in PASSES]
    codes = {name: run_pass(name, extra, os.environ) for name in names}
    failed = [name for name, code in codes.items() if code]
    if failed:
        print(f"failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
