"""The two little applications that the bench carries, ready to be served and driven."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench.backing import Backing
from tests.bench.measure import Result, measure
from tests.bench.plan import Plan
from tests.bench.servers import application_command, free_port, run, serve

ROOM = "tests.bench.baselines.room.asgi:application"
STORED = "tests.bench.baselines.stored_room.asgi:application"
PREPARE = ("-m", "tests.bench.baselines.stored_room.prepare")


@dataclass(frozen=True)
class Room:
    """One way to run the tutorial's room: its layer (memory, redis, pubsub) and what it stores to (or nothing).

    `keeps` holds database connections open between messages; Django's default, and so the tutorial's way, does not.
    """

    name: str
    layer: str
    database: str = ""
    keeps: bool = False

    @property
    def application(self) -> str:
        return STORED if self.database else ROOM


IN_MEMORY = Room("room, nothing stored, in memory", "memory")
STORED_SQLITE = Room("room, stored, SQLite, in memory", "memory", "sqlite")
STORED_SQLITE_KEPT = Room("... with its connection kept", "memory", "sqlite", keeps=True)
OVER_REDIS = Room("room, nothing stored, redis core", "redis")
OVER_PUBSUB = Room("room, nothing stored, redis pubsub", "pubsub")
STORED_POSTGRES_KEPT = Room("room, stored, PostgreSQL (kept), core", "redis", "postgresql", keeps=True)


def drive(room: Room, server: str, pairs: int, seconds: float, backing: Backing) -> Result:
    """Serve `room` under `server` and drive `pairs` pairs for `seconds`. Raises RuntimeError or StartFailed."""
    env, port = _environment(room, backing), free_port()
    if room.database:
        run(PREPARE, env)
    command = application_command(server, room.application, port)
    with serve(port, command, env, backing.folder) as web:
        plan = Plan(dialect="room", pairs=pairs, visitor=web.ws, operator=web.ws, seconds=seconds)
        return measure(plan, _watched(room, web.pid, backing))


def _environment(room: Room, backing: Backing) -> dict[str, str]:
    env = {"ROOM_LAYER": room.layer, "ROOM_KEEPS": str(int(room.keeps))}
    if room.layer != "memory":
        env["REDIS_URL"] = backing.redis.url()
    if room.database == "sqlite":
        env["DATABASE_URL"] = f"sqlite:///{backing.new_folder() / 'room.sqlite3'}"
    if room.database == "postgresql":
        env["DATABASE_URL"] = backing.new_database()
    return env


def _watched(room: Room, web: int, backing: Backing) -> list[int]:
    redis = [backing.redis.process.pid] if room.layer != "memory" else []
    postgres = [backing.postgres.process.pid] if room.database == "postgresql" else []
    return [web, *redis, *postgres]
