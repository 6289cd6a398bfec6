"""What a bench stands on: a durable PostgreSQL, a Redis, and a folder of its own."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.postgres import Postgres
from tests.services.redis import Redis


@dataclass(frozen=True)
class Backing:
    """Running stores; each database that a run asks for is new."""

    postgres: Postgres
    redis: Redis
    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """Create an empty PostgreSQL database; its URL."""
        return self.postgres.create_database(f"bench{next(self._numbers)}")

    def new_folder(self) -> Path:
        """Create an empty folder for one run."""
        folder = self.folder / f"run{next(self._numbers)}"
        folder.mkdir()
        return folder


@contextmanager
def backing() -> Iterator[Backing]:
    """Start both stores. PostgreSQL keeps fsync on: a figure for durable messages would mean nothing without it.

    Raises PartMissing or StartFailed.
    """
    with (
        tempfile.TemporaryDirectory(prefix="chatdesk-bench-") as folder,
        Postgres(durable=True) as postgres,
        Redis() as redis,
    ):
        yield Backing(postgres, redis, Path(folder))
