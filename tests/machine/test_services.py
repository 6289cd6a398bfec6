"""The tests' own servers start, answer, crash, come back, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from tests.services.environment import worker_number
from tests.services.install import missing_parts
from tests.services.parts import PARTS, Part, PartMissing
from tests.services.postgres import Postgres
from tests.services.process import Process, StartFailed, accepts, free_port
from tests.services.product import clean_environment
from tests.services.redis import Redis

pytestmark = pytest.mark.once


def test_postgres_keeps_what_was_committed_over_a_crash() -> None:
    with Postgres() as server:
        url = server.create_database("kept").replace("postgres://", "postgresql://")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        server.crash()
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)
    assert not server.folder.exists()
    assert not accepts(server.port)


def test_redis_forgets_everything_when_it_is_killed() -> None:
    with Redis() as server:
        with redis.Redis.from_url(server.url()) as client:
            client.set("word", "gone")
        server.kill()
        assert not accepts(server.port)
        server.start()
        with redis.Redis.from_url(server.url()) as client:
            assert client.get("word") is None
    assert not server.folder.exists()


def test_a_process_that_ends_early_says_why(tmp_path: Path) -> None:
    process = Process("clock", [sys.executable, "-c", "print('no spring'); exit(3)"], tmp_path / "log")
    process.start()
    with pytest.raises(StartFailed, match="no spring"):
        process.wait_ready(lambda: False, seconds=10)


def test_a_process_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with Process("clock", [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log") as process:
        with pytest.raises(StartFailed, match=r"within 0\.2 seconds"):
            process.wait_ready(lambda: False, seconds=0.2)
        assert process.running
    assert process.wait() == -signal.SIGTERM


def test_a_process_that_will_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.services.process.STOP_SECONDS", 1)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    process = Process("clock", [sys.executable, "-c", deaf], tmp_path / "log")
    process.start()
    process.wait_ready(lambda: "deaf" in process.output)
    assert process.stop() == -signal.SIGKILL


def test_two_free_ports_can_be_had_and_nothing_listens_there() -> None:
    assert not accepts(free_port())


def test_this_machine_has_every_part() -> None:
    assert missing_parts() == []
    assert all(Path(part.path()).exists() for part in PARTS)


def test_a_missing_part_is_loud() -> None:
    absent = Part("Unobtainium", ("unobtainium",), lambda: None)
    assert missing_parts([absent]) == [absent]
    with pytest.raises(PartMissing, match="install unobtainium"):
        absent.path()


@pytest.mark.parametrize(("worker", "number"), [("", 0), ("gw0", 0), ("gw1", 1), ("gw12", 12)])
def test_each_worker_has_a_bus_of_its_own(worker: str, number: int) -> None:
    assert worker_number(worker) == number


def test_the_products_environment_is_not_the_tests() -> None:
    assert "CHATDESK_VAR" in os.environ
    assert [name for name in clean_environment() if name.startswith(("CHATDESK_", "REDIS_URL", "DATABASE_URL"))] == []
