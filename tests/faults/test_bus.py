"""The bus is only a hint: away, full or slow, it costs time and never a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis

from tests.faults.conftest import Tell
from tests.faults.desk import Desk
from tests.faults.talk import Talk, fresh, seconds_until, talking
from tests.services.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]


def exchange(talk: Talk) -> tuple[float, float]:
    """A message each way, acknowledged: seconds until the other side, on the other process, shows it."""
    asked, replied = fresh(), fresh()
    assert talk.post(asked)["type"] == "ok"
    there = seconds_until(talk.operator, asked, 10)
    assert talk.reply(replied)["type"] == "ok"
    return there, seconds_until(talk.visitor, replied, 10)


def is_quick_again(talk: Talk) -> bool:
    return max(exchange(talk)) < 0.5


def test_killed_and_started_again(desk: Desk, tell: Tell) -> None:
    """Sockets stay, nothing is refused, and within ten seconds of its return hints work again."""
    with talking(desk) as talk:
        desk.layout.redis.kill()
        try:
            away = [max(exchange(talk)) for _ in range(3)]
        finally:
            desk.layout.redis.start()
        wait_until(lambda: is_quick_again(talk), 10, "hints work again")
        tell(f"Redis away: shown across processes after {', '.join(f'{took:.1f}' for took in away)} s")
        assert max(away) < 5


@contextmanager
def full(client: redis.Redis) -> Iterator[None]:
    """Not a byte more may be stored."""
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", "2mb")
    try:
        with pytest.raises(redis.exceptions.ResponseError, match="maxmemory"):
            _stuff(client)
        yield
    finally:
        client.config_set("maxmemory", 0)
        client.delete("stuffing")


def _stuff(client: redis.Redis) -> Any:
    for _ in range(1000):
        client.append("stuffing", b"x" * 100_000)


def test_full(desk: Desk, tell: Tell) -> None:
    with talking(desk) as talk, redis.Redis.from_url(desk.layout.redis.url()) as client:
        with full(client):
            took = [max(exchange(talk)) for _ in range(3)]
        tell(f"Redis full: shown across processes after {', '.join(f'{each:.2f}' for each in took)} s")
        assert max(took) < 5
