"""The two little applications that the bench carries, ready to be served and driven."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import processes, servers, stores
from tests.bench.measure import Result, measure
from tests.bench.plan import Plan
from tests.bench.stores import Store

ROOM = "tests.bench.baselines.room.asgi:application"
STORED = "tests.bench.baselines.stored_room.asgi:application"


@dataclass(frozen=True)
class Room:
    """One way to run the tutorial's room: its layer (memory, redis, pubsub) and what it stores to (or nothing)."""

    name: str
    layer: str
    database: str | None = None

    @property
    def application(self) -> str:
        return STORED if self.database else ROOM


NOTHING_STORED = Room("room, nothing stored, in memory", "memory")
OVER_REDIS = Room("room, nothing stored, redis core", "redis")
ROOMS = (
    NOTHING_STORED,
    Room("room, stored, SQLite, in memory", "memory", "sqlite"),
    OVER_REDIS,
    Room("room, nothing stored, redis pubsub", "pubsub"),
    Room("room, stored, PostgreSQL, redis core", "redis", "postgresql"),
)


@dataclass(frozen=True)
class Backing:
    """The PostgreSQL and the Redis of a bench, and the folder where it may write."""

    postgresql: Store
    redis: Store
    folder: Path


def drive(room: Room, server: str, pairs: int, seconds: float, backing: Backing) -> Result:
    """Serve `room` under `server`, drive `pairs` pairs for `seconds`; raises RuntimeError when a part fails."""
    env = _environment(room, server, pairs, backing)
    if room.database:
        processes.run([sys.executable, "-m", "tests.bench.baselines.stored_room.prepare"], env)
    with servers.serve(server, room.application, env, backing.folder) as web:
        plan = Plan("room", pairs, f"ws://127.0.0.1:{web.port}", f"ws://127.0.0.1:{web.port}", seconds=seconds)
        return measure(plan, _watched(room, web.child.pid, backing))


def _environment(room: Room, server: str, pairs: int, backing: Backing) -> dict[str, str]:
    env = {"ROOM_LAYER": room.layer}
    name = f"room-{server}-{pairs}"
    if room.layer != "memory":
        env["REDIS_URL"] = backing.redis.url
    if room.database == "sqlite":
        env["DATABASE_URL"] = f"sqlite:///{backing.folder / name}.sqlite3"
    if room.database == "postgresql":
        env["DATABASE_URL"] = stores.create_database(backing.postgresql, name)
    return env


def _watched(room: Room, web: int, backing: Backing) -> list[int]:
    redis = [backing.redis.child.pid] if room.layer != "memory" else []
    postgresql = [backing.postgresql.child.pid] if room.database == "postgresql" else []
    return [web, *redis, *postgresql]


@contextmanager
def backing(folder: Path) -> Iterator[Backing]:
    """Start both stores; raises RuntimeError when one is not installed."""
    with stores.postgresql(folder) as postgresql, stores.redis(folder) as redis:
        yield Backing(postgresql, redis, folder)
