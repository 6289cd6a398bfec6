"""A process that dies after a commit: before it could answer, and before it could tell anybody."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.conftest import Tell
from tests.faults.desk import Desk
from tests.faults.talk import VISITORS, Talk, fresh, seconds_until, talking
from tests.services.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]

LOCK = "SELECT id FROM chatdesk_conversation WHERE ref = %s FOR UPDATE"
BLOCKED = "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%chatdesk_entry%'"
HEARTBEAT = 25.0  # seconds


@contextmanager
def committed_and_dead(talk: Talk, body: str, client_id: str) -> Iterator[None]:
    """The visitor's message is committed, and the process that wrote it never ran again.

    The statement is kept waiting for a lock; the process is frozen; the lock is let go, so that the database commits
    on its own and answers nobody; the process is killed.
    """
    web = talk.desk.layout.web[VISITORS]
    with talk.desk.connect() as holder, talk.desk.connect(autocommit=True) as watcher:
        holder.execute(LOCK, [talk.conversation])
        talk.visitor.say("entry.post", client_id=client_id, body=body)
        wait_until(lambda: bool((watcher.execute(BLOCKED).fetchone() or {})["n"]), 10, "the statement waits")
        web.send(signal.SIGSTOP)
        holder.commit()
        wait_until(lambda: body in talk.bodies(), 10, "the database commits by itself")
        web.kill()
    try:
        yield
    finally:
        talk.desk.layout.restart_web(VISITORS)


def test_killed_between_commit_and_answer(desk: Desk) -> None:
    """The visitor says it again elsewhere: the first place is the answer, and it stands there once."""
    with talking(desk) as talk:
        client_id = fresh()
        with committed_and_dead(talk, "said once", client_id), talk.back(after=2) as again:
            seen = again.event("entry.posted", body="said once")
            assert seen["client_id"] == client_id  # so that the page can tick off what it still holds
            answer = again.command("entry.post", client_id=client_id, body="said once")
            assert (answer["type"], answer["seq"]) == ("ok", seen["seq"])
            assert again.command("entry.post", client_id=fresh(), body="and then")["seq"] == seen["seq"] + 1
            assert talk.bodies() == ["Good morning", "said once", "and then"]
            talk.operator.event("entry.posted", body="and then")
            assert talk.operator.entries()[-2:] == [(seen["seq"], "said once"), (seen["seq"] + 1, "and then")]


def test_killed_between_commit_and_hint(desk: Desk, tell: Tell) -> None:
    """Nobody was told, and nothing more is said: the heartbeat finds it."""
    with talking(desk) as talk, committed_and_dead(talk, "is anybody told?", fresh()):
        took = seconds_until(talk.operator, "is anybody told?", HEARTBEAT + 5)
        tell(f"killed between commit and hint: the other process showed it after {took:.1f} s (heartbeat: {HEARTBEAT})")


def test_said_again_it_is_told_at_once(desk: Desk, tell: Tell) -> None:
    """The writer comes back before the heartbeat: whoever was not told then is told now."""
    with talking(desk) as talk:
        client_id = fresh()
        with committed_and_dead(talk, "told late", client_id), talk.back(after=2) as again:
            assert again.command("entry.post", client_id=client_id, body="told late")["type"] == "ok"
            took = seconds_until(talk.operator, "told late", HEARTBEAT + 5)
            tell(f"... and after {took:.1f} s when its writer comes back and says it again")
            assert took < 5
