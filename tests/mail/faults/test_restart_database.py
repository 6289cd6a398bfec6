"""The database is restarted as after a crash, in the middle of taking mails in and of sending them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes

import pytest

from tests.mail.conftest import REAL
from tests.mail.faults.nursery import Nursery
from tests.mail.oracle import search, search_text
from tests.mail.people import O
from tests.services.postgres import Postgres
from tests.services.sink import Sink

COUNT = 12
CLAIM = 16 * 60.0

pytestmark = pytest.mark.once  # it starts a PostgreSQL of its own, in whichever pass


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(scope="module")
def nursery(postgres: Postgres) -> Iterator[Nursery]:
    with Nursery(postgres.create_database()) as nursery:
        nursery.call("migrate")
        yield nursery
        assert not search_text(nursery.errors, REAL)


def interrupted(nursery: Nursery, postgres: Postgres, deed: str, hour: int, until: Callable[[], object]) -> None:
    """Begin a deed, and crash and restart the database in the middle of it."""
    child = nursery.begin(deed, ahead=hour * 3600.0)
    until()
    postgres.crash()
    child.end_anyhow()
    postgres.start()


def test_each_message_is_there_exactly_once(nursery: Nursery, postgres: Postgres, sink: Sink) -> None:
    nursery.call("stage", port=sink.port)
    nursery.call("keep", count=COUNT)
    interrupted(nursery, postgres, "process", 0, lambda: time.sleep(0.25))
    for hour in range(1, 4):
        nursery.call("process", ahead=hour * 3600.0)
    assert nursery.call("said") == {f"Question {number}": 1 for number in range(COUNT)}
    answered = nursery.call("answer", count=COUNT)
    sink.delay("dot", 0.02)
    interrupted(nursery, postgres, "send", 4, lambda: sink.wait_for(3))
    for hour in range(5, 10):
        nursery.call("send", ahead=hour * 3600.0)
    mails = [message_from_bytes(each.raw) for each in sink.taken]
    assert not [hit for each in sink.taken for hit in search(each.raw, O.secrets)]
    arrived = {answer for answer in answered for mail in mails if answer in mail.as_string()}
    assert arrived == set(answered)
    times = Counter(str(mail["Message-ID"]) for mail in mails)
    assert sum(times.values()) - len(times) <= 1  # the one that was on its way when the database went
