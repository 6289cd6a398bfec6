"""Whether what the desk stands on answers: database, bus, storage. Each is asked in a thread, for a bounded time."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

logger = logging.getLogger(__name__)
SECONDS = 2.0
Check = Callable[[], None]


def database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    finally:
        connection.close()  # this thread's own; nobody else would close it


def bus() -> None:
    if not settings.REDIS_URL:
        return  # the embedded desk's bus is this process
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
        client.ping()


def storage() -> None:
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ready")
    else:
        default_storage.exists("ready")


CHECKS: dict[str, Check] = {"database": database, "bus": bus, "storage": storage}
# A check that hangs keeps its thread; those after it wait in line and are told "slow" in time, too.
_threads = ThreadPoolExecutor(max_workers=2 * len(CHECKS), thread_name_prefix="ready")


def readiness(checks: Mapping[str, Check] | None = None, seconds: float = SECONDS) -> dict[str, str]:
    """What each check says: `ok`, `down` or `slow`. Returns within `seconds`."""
    asked = {name: _threads.submit(check) for name, check in (checks or CHECKS).items()}
    wait(asked.values(), timeout=seconds)
    return {name: _word(name, future) for name, future in asked.items()}


def _word(name: str, future: Future[None]) -> str:
    if not future.done():
        future.cancel()
        return "slow"
    error = future.exception()
    if error is None:
        return "ok"
    logger.warning("not ready: %s (%s)", name, type(error).__name__)
    return "down"
