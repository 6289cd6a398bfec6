"""P4: killed (SIGKILL) before each statement of a destruction; afterwards it is whole or a tombstone, nothing between.

Each kill is a real process of its own, which does what the job does, up to its n-th statement.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from chatdesk.actions.files.storing import place_of
from chatdesk.actions.files.vanishing import is_there
from chatdesk.models import Conversation, Entry, File
from tests.factories import Cast, make_cast
from tests.transcripts.retention.stage import after, make_full, policy, step
from transcripts.actions.destroying import tombstones
from transcripts.actions.destroying.ending import destroy
from transcripts.models import Disposition, LogLeaf, Record, Tombstone

State = Disposition.State
pytestmark = pytest.mark.usefixtures("transactional_db")


def killed_at(number: int, deed: Callable[[], object]) -> bool:
    """Do it in a process that is killed before its n-th statement; False if it came to its end before that."""
    connections.close_all()
    pid = os.fork()
    if pid:
        status = os.waitpid(pid, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the deed failed by itself"
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    count = 0

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count >= number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    code = 1
    try:
        with connection.execute_wrapper(wrapper):
            deed()
        code = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


@pytest.fixture
def stage(transactional_db: None) -> Cast:
    return make_cast()


def put_away(cast: Cast) -> tuple[int, str]:
    chat = make_full(cast, files=2)
    step(0)
    return Disposition.objects.get(conversation=chat).pk, chat.ref


def is_whole(ref: str) -> bool:
    chat = Conversation.objects.get(ref=ref)
    return (
        Entry.objects.filter(conversation=chat).count() == 5
        and File.objects.filter(conversation=chat).count() == 2
        and Record.objects.filter(conversation=chat).count() > 5
        and not Tombstone.objects.filter(ref=ref).exists()
    )


def check_gone(ref: str, places: list[str]) -> None:
    assert not Conversation.objects.filter(ref=ref).exists()
    assert Tombstone.objects.filter(ref=ref).count() == 1
    assert LogLeaf.objects.filter(kind="conversation.destroyed", about=ref).count() == 1
    assert not any(is_there(place) for place in places)


def test_p4_killed_before_each_statement(stage: Cast, record_property: Callable[[str, object], None]) -> None:
    """One conversation, killed again and again, one statement further each time; then the job ends it."""
    policy(delete_days=1)
    pk, ref = put_away(stage)
    places = [place_of(key) for key in File.objects.values_list("key", flat=True)]
    late, kills = after(31), 0
    while killed_at(kills + 1, lambda: destroy(pk, late)):
        kills += 1
        assert Tombstone.objects.filter(ref=ref).exists() or is_whole(ref), f"after statement {kills}"
    record_property("figure", f"destruction killed before each of its {kills} statements: whole, or a tombstone")
    assert kills > 50
    step(32)
    check_gone(ref, places)


@pytest.mark.parametrize("number", [2, 12, 20, 33, 60])
def test_p4_killed_once_the_next_run_ends_it(stage: Cast, number: int) -> None:
    policy(delete_days=1)
    pk, ref = put_away(stage)
    places = [place_of(key) for key in File.objects.values_list("key", flat=True)]
    assert killed_at(number, lambda: destroy(pk, after(31)))
    assert is_whole(ref)
    assert Disposition.objects.get(pk=pk).state in (State.QUARANTINED, State.DESTROYING)
    step(32)
    check_gone(ref, places)
    assert Disposition.objects.get(pk=pk).state == State.DESTROYED


def test_p4_killed_after_the_end_the_tombstone_still_comes_to_the_storage(stage: Cast) -> None:
    policy(delete_days=1)
    pk, ref = put_away(stage)
    assert not killed_at(100_000, lambda: destroy(pk, after(31)))
    stone = Tombstone.objects.get(ref=ref, stored_at=None)
    step(32)
    assert Tombstone.objects.filter(pk=stone.pk, stored_at__isnull=False).exists()
    assert tombstones.place_of(stone) in tombstones.stored()


def test_killed_while_it_puts_away(stage: Cast) -> None:
    """Hidden and noted down together, or neither."""
    policy(delete_days=1)
    chat = make_full(stage, files=0)
    kills = 0
    while killed_at(kills + 1, lambda: step(0)):
        kills += 1
        hidden = Conversation.objects.filter(pk=chat.pk, hidden_at__isnull=False).exists()
        assert hidden == Disposition.objects.filter(conversation=chat).exists(), f"after statement {kills}"
    assert kills > 5
    assert Disposition.objects.filter(conversation=chat).count() == 1
