"""What a server leaves behind when it stops."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from chatdesk.dbthreads import in_thread
from chatdesk.serving.lifecycle import farewell


def opened() -> BaseDatabaseWrapper:
    connection.ensure_connection()
    return connections["default"]


@pytest.mark.django_db(transaction=True)
async def test_a_stopping_server_gives_its_connections_back() -> None:
    held = await in_thread(opened)
    assert held.connection is not None
    await farewell()
    assert held.connection is None


@pytest.mark.django_db(transaction=True)
async def test_a_thread_that_hangs_is_told_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def stuck() -> None:
        raise TimeoutError

    monkeypatch.setattr("chatdesk.serving.lifecycle._give_back", stuck)
    await farewell()
    assert "left to break" in caplog.text
