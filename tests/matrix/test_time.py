"""An outsider gets the same answer in the same time, whether there is a conversation or never was one."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.matrix.doors import CONVERSATION_DOORS, Door
from tests.matrix.stage import Stage, make_stage
from tests.matrix.table import CHATS, ROLES
from tests.matrix.test_pages import knock, path_at

pytestmark = pytest.mark.django_db
TRIES = 15
SLACK = 0.010  # seconds: a busy machine is not an oracle
FACTOR = 2.0


def seconds(browser: Client, door: Door, path: str) -> float:
    began = time.perf_counter()
    knock(browser, door, path)
    return time.perf_counter() - began


@pytest.mark.parametrize("name", ["bob", "charlie", "walt", "stranger"])
def test_what_is_there_costs_the_database_what_never_was_costs_it(name: str, settings: Any, tmp_path: Any) -> None:
    """No clock is fine enough to see a query more on a busy machine; a patient stranger's is."""
    settings.MEDIA_ROOT = tmp_path
    stage: Stage = make_stage()
    browser = stage.browser(next(role for role in ROLES if role.name == name))
    held = stage.conversation(CHATS[1])
    for door in CONVERSATION_DOORS:
        counts = []
        for path in (path_at(door, held), path_at(door, None)):
            knock(browser, door, path)  # the first writes when somebody was last active
            with CaptureQueriesContext(connection) as asked:
                knock(browser, door, path)
            counts.append(len(asked))
        assert counts[0] == counts[1], door


@pytest.mark.parametrize("door", CONVERSATION_DOORS, ids=[f"{door.method} {door.path}" for door in CONVERSATION_DOORS])
def test_what_is_there_takes_no_longer_than_what_never_was(door: Door, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    stage: Stage = make_stage()
    bob = stage.browser(next(role for role in ROLES if role.name == "bob"))
    real, unreal = path_at(door, stage.conversation(CHATS[1])), path_at(door, None)
    knock(bob, door, real)
    knock(bob, door, unreal)
    there, never = [], []
    for _ in range(TRIES):  # in turn, so that a slow moment of the machine meets both
        there.append(seconds(bob, door, real))
        never.append(seconds(bob, door, unreal))
    assert median(there) < median(never) * FACTOR + SLACK
    assert median(never) < median(there) * FACTOR + SLACK
