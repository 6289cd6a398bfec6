"""The world, and two checks after every test: nothing that left shows what it must not, and no log names anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from chatdesk.actions.files import pace
from chatdesk.sitelimits import forget
from tests.mail.oracle import search_text
from tests.mail.people import PEOPLE
from tests.mail.world import World, make_world
from tests.services.dovecot import Dovecot
from tests.services.sink import Sink

REAL = [secret for each in PEOPLE for secret in each.secrets if secret.kind == "address"]


@pytest.fixture(scope="session")
def running_sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def sink(running_sink: Sink) -> Iterator[Sink]:
    """The internet, as far as mail goes: takes everything, and forgets it after each test."""
    running_sink.reset()
    yield running_sink
    running_sink.reset()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def world(db: None, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Fails the test if anything that left holds what its reader must not see."""
    forget()
    pace._buckets.clear()
    world, now = make_world(sink), timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + world.ahead)
    yield world
    forget()
    leaks = world.leaks()
    assert not leaks, "\n".join(leaks)


@pytest.fixture(autouse=True)
def nobody_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """K8: what the product logs, at the levels it logs at, holds no real address."""
    yield
    said = "\n".join(caplog.handler.format(record) for record in caplog.get_records("call"))
    assert not search_text(said, REAL)
