"""K8: the log's file names nobody. What every test of mail logs is searched; here things go wrong loudly."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from chatdesk.quietlog import Formatter
from tests.mail.letters import letter
from tests.mail.people import O, V, X
from tests.mail.world import World
from tickets.actions import processing
from tickets.models import IncomingMail


@pytest.fixture
def file() -> Iterator[io.StringIO]:
    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, Formatter)]
    assert isinstance(handler, logging.StreamHandler)
    file = io.StringIO()
    before = handler.setStream(file)
    yield file
    if before is not None:
        handler.setStream(before)


def test_k8_a_server_that_quotes_the_recipient(world: World, file: io.StringIO) -> None:
    world.sink.refuse("rcpt", f"550 5.1.1 <{V.address}>: no such mailbox at {V.host}")
    world.answers("The offer is ready.")
    world.later(minutes=5)
    world.out()
    assert "was not sent" in file.getvalue()
    assert world.real_addresses_in(file.getvalue()) == []


def test_k8_an_error_that_quotes_the_sender(
    world: World, file: io.StringIO, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(mail: IncomingMail) -> dict[str, object]:
        raise ValueError(f"{V.mailbox} wrote to {mail.recipient}")

    monkeypatch.setattr(processing, "arrive", fails)
    world.receives(letter(V, "Hello", to=world.t_v), world.t_v)
    assert "could not be processed" in file.getvalue()
    assert "ValueError" in file.getvalue()
    assert world.real_addresses_in(file.getvalue()) == []
    caplog.clear()  # the error itself says more than the file


def test_k8_a_stranger_and_a_held_sender(world: World, file: io.StringIO) -> None:
    world.receives(letter(X, "Let me in", to=world.t_v), world.t_v, by=X)
    world.receives(letter(O, "It is me", to=world.t_o), world.t_o, by=O, is_proven=False)
    world.out()
    assert world.real_addresses_in(file.getvalue()) == []
