"""Killed (SIGKILL) before any statement: a copy is there and known, or still to be made; a key goes with its words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatdesk.models import Conversation, Entry
from tests.factories import Cast, make_cast
from tests.transcripts.locking.stage import MARKER, again_at_once, ended, locked, switch_on
from tests.transcripts.retention.stage import after, age, policy, step
from tests.transcripts.retention.test_kill import killed_at
from transcripts.actions.destroying.ending import destroy
from transcripts.actions.locking import places
from transcripts.actions.locking.keeping import keep_due
from transcripts.actions.locking.removing import remove_due
from transcripts.models import DataKey, Disposition, LockedCopy, Tombstone

State = LockedCopy.State
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def stage(transactional_db: None) -> Cast:
    return make_cast()


def stored() -> list[Path]:
    return [each for each in places.folder().rglob("*.locked") if each.is_file()]


def test_a_copy_killed_at_many_places(stage: Cast, record_property: Callable[[str, object], None]) -> None:
    """One conversation, killed again and again, two statements further each time; then the job ends it."""
    switch_on()
    ended(stage)
    kills = 0
    while killed_at(kills + 1, keep_due):
        kills += 2
        copy = LockedCopy.objects.get()
        assert copy.state != State.KEPT or stored(), f"after statement {kills}"
        assert len(stored()) <= 1
        again_at_once()
    record_property("figure", f"locked copy killed at every other of its {kills} statements: known, or made later")
    assert kills > 5
    again_at_once()
    keep_due()
    copy = LockedCopy.objects.get()
    assert (copy.state, len(stored())) == (State.KEPT, 1)
    assert copy.key == DataKey.objects.get().name
    assert copy.size == stored()[0].stat().st_size


@pytest.mark.parametrize("number", [1, 8, 15, 22, 30])
def test_a_copy_killed_once_the_next_run_makes_it(stage: Cast, number: int) -> None:
    switch_on()
    ended(stage)
    killed_at(number, keep_due)
    again_at_once()
    keep_due()
    assert LockedCopy.objects.get().state == State.KEPT
    assert len(stored()) == 1


def test_a_destruction_killed_keeps_key_and_words_together(stage: Cast) -> None:
    """Never the words without their key destroyed, and never a key destroyed whose words are here."""
    switch_on()
    copy = locked(stage)
    age(Conversation.objects.get(), 400)
    policy(delete_days=1)
    step(0)
    pk, late, kills = Disposition.objects.get().pk, after(31), 0
    while killed_at(kills + 1, lambda: destroy(pk, late)):
        kills += 8
        here = Conversation.objects.filter(ref=copy.ref).exists()
        assert DataKey.objects.exists() == here, f"after statement {kills}"
        assert Entry.objects.filter(body__contains=MARKER).exists() == here
        assert Tombstone.objects.exists() != here
        copy.refresh_from_db()
        assert copy.state == (State.KEPT if here else State.SHREDDED)
    step(32)
    assert not DataKey.objects.exists()
    copy.refresh_from_db()
    assert copy.state == State.SHREDDED
    assert kills > 40


def test_a_removal_killed_is_ended_by_the_next(stage: Cast) -> None:
    switch_on()
    locked(stage)
    age(Conversation.objects.get(), 400)
    policy(delete_days=1)
    step(0)
    step(31)
    LockedCopy.objects.update(until=after(-1))
    kills = 0
    while killed_at(kills + 1, remove_due):
        kills += 1
        assert LockedCopy.objects.get().state == State.SHREDDED or not stored()
    remove_due()
    assert LockedCopy.objects.get().state == State.GONE
    assert stored() == []
    assert kills >= 1
