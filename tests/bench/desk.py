"""The product itself under a bench: embedded, or one or two web processes on PostgreSQL and Redis.

Production mode refuses CHATDESK_LIMITS=off, and rightly; so the bench sets the same database and bus without it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.bench.backing import Backing
from tests.bench.measure import Result, measure
from tests.bench.plan import Plan
from tests.bench.servers import Web, desk_command, free_port, run, serve

BUTTON = "bench"


@dataclass(frozen=True)
class Layout:
    """How the desk is run. With two `webs`, every visitor is on the first and every operator on the second."""

    name: str
    shared: bool
    webs: int = 1
    settings: str = "chatdesk.settings"


EMBEDDED = Layout("desk, embedded (SQLite)", shared=False)
PRODUCTION = Layout("desk, PostgreSQL + Redis, one process", shared=True)
SPLIT = Layout("desk, PostgreSQL + Redis, two processes", shared=True, webs=2)


@dataclass(frozen=True)
class Desk:
    """A running desk; `operators` are Cookie headers, `stores` the pids of PostgreSQL and Redis where used."""

    webs: list[Web]
    operators: list[str]
    stores: list[int]
    env: dict[str, str]

    @property
    def pids(self) -> list[int]:
        return [*(web.pid for web in self.webs), *self.stores]


@contextmanager
def running(layout: Layout, server: str, operators: int, backing: Backing) -> Iterator[Desk]:
    """A desk with a button "bench" and that many signed-in operators. Raises RuntimeError or StartFailed."""
    env = _environment(layout, backing)
    run(["manage.py", "migrate", "--verbosity", "0"], env)
    cookies: list[str] = json.loads(run(["-m", "tests.bench.cast", str(operators)], env))
    with ExitStack() as started:
        webs = [started.enter_context(_web(server, env, backing, first=n == 0)) for n in range(layout.webs)]
        yield Desk(webs, cookies, _stores(layout, backing), env)


def drive(layout: Layout, server: str, pairs: int, seconds: float, backing: Backing) -> Result:
    """Run the desk and drive `pairs` pairs for `seconds`. Raises RuntimeError or StartFailed."""
    with running(layout, server, pairs, backing) as desk:
        return turn(desk, seconds)


def turn(desk: Desk, seconds: float) -> Result:
    """Drive a new pair with each of the desk's operators. Raises RuntimeError."""
    plan = Plan(
        dialect="desk",
        pairs=len(desk.operators),
        visitor=desk.webs[0].ws,
        operator=desk.webs[-1].ws,
        operators=desk.operators,
        button=BUTTON,
        seconds=seconds,
    )
    return measure(plan, desk.pids)


def _environment(layout: Layout, backing: Backing) -> dict[str, str]:
    env = {
        "CHATDESK_VAR": str(backing.new_folder()),
        "CHATDESK_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": layout.settings,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "WARNING",
    }
    if layout.shared:
        env |= {"DATABASE_URL": backing.new_database(), "REDIS_URL": backing.redis.url()}
    return env


@contextmanager
def _web(server: str, env: dict[str, str], backing: Backing, *, first: bool) -> Iterator[Web]:
    port, folder = free_port(), backing.new_folder()
    # Outside production each process holds its data folder for itself.
    own = {} if first else {"CHATDESK_VAR": str(folder)}
    with serve(port, desk_command(server, port), {**env, **own, "PORT": str(port)}, folder) as web:
        yield web


def _stores(layout: Layout, backing: Backing) -> list[int]:
    return [backing.postgres.process.pid, backing.redis.process.pid] if layout.shared else []
