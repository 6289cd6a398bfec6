"""Notices of a batch in a process that serves nobody: said in few words, soon, and none lost when the work fails."""

from __future__ import annotations

from typing import Any

import pytest

from chatdesk.realtime import notices, publish, telling_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    words: list[list[Any]] = []
    monkeypatch.setattr(notices, "_send", words.append)
    return words


def test_alone_each_is_said_at_once(sent: list[list[Any]]) -> None:
    publish("state", 1)
    publish("state", 2)
    assert sent == [[["state", 1]], [["state", 2]]]


def test_a_batch_is_said_in_one_word_at_its_end(sent: list[list[Any]]) -> None:
    with telling_together() as tell_if_late:
        publish("state", 1)
        tell_if_late()
        publish("state", 2)
        assert sent == []
    publish("state", 3)
    assert sent == [[["state", 1], ["state", 2]], [["state", 3]]]


def test_nothing_waits_longer_than_a_moment(sent: list[list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("chatdesk.realtime.notices.time.monotonic", lambda: now[0])
    with telling_together() as tell_if_late:
        publish("state", 1)
        now[0] += notices.LONGEST_WAIT + 0.01
        tell_if_late()
        assert sent == [[["state", 1]]]
        tell_if_late()
    assert sent == [[["state", 1]]]


def _work_that_fails() -> None:
    with telling_together():
        publish("state", 1)
        raise OSError("gone")


def test_work_that_fails_has_told_what_was_stored_before(sent: list[list[Any]]) -> None:
    with pytest.raises(OSError, match="gone"):
        _work_that_fails()
    assert sent == [[["state", 1]]]
