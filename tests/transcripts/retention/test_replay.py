"""C-08: an old backup is restored; what was destroyed since goes again, and clients drop what they remember."""

from __future__ import annotations

import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from chatdesk.models import Conversation, SiteSettings
from tests.factories import Cast
from tests.transcripts.retention.conftest import Court
from tests.transcripts.retention.stage import after, make_full, policy, step, there
from transcripts.actions.destroying import tombstones
from transcripts.actions.destroying.replaying import replay
from transcripts.models import LogLeaf, Tombstone


@pytest.fixture(autouse=True)
def no_tombstones(db: None) -> None:
    for name in tombstones.stored():
        default_storage.delete(name)


def destroyed_and_restored(cast: Cast) -> Conversation:
    """A conversation that is back from a backup, after its destruction; its bytes were not in the backup."""
    chat = make_full(cast)
    policy(delete_days=1)
    step(0)
    step(31)
    assert not Conversation.objects.exists()
    ref = chat.ref
    Tombstone.objects.all().delete()
    again = make_full(cast)
    Conversation.objects.filter(pk=again.pk).update(ref=ref)
    return Conversation.objects.get()


def test_c08_what_was_destroyed_goes_again(cast: Cast) -> None:
    chat = destroyed_and_restored(cast)
    keys = list(chat.files.values_list("key", flat=True))
    epoch = SiteSettings.load().epoch
    young = make_full(cast, cast.walt, ended_days_ago=0)
    done = replay(after(0))
    assert (done.destroyed, done.remembered, done.held) == ([chat.ref], [], [])
    assert list(Conversation.objects.all()) == [young]
    assert not any(there(key) for key in keys)
    assert SiteSettings.load().epoch != epoch
    stone = Tombstone.objects.get()
    assert stone.ref == chat.ref
    assert "replayed" in stone.facts
    assert stone.facts["policy"]
    assert LogLeaf.objects.filter(kind="conversation.destroyed").count() == 2
    assert replay(after(1)).destroyed == []


def test_a_tombstone_that_the_backup_does_not_know_is_written_down_again(cast: Cast) -> None:
    make_full(cast)
    policy(delete_days=1)
    step(0)
    step(31)
    Tombstone.objects.all().delete()
    done = replay(after(32))
    assert len(done.remembered) == 1
    assert Tombstone.objects.get().group_slug == "sales"


def test_a_hold_keeps_even_that(cast: Cast, court: Court, capsys: pytest.CaptureFixture[str]) -> None:
    chat = destroyed_and_restored(cast)
    court.holds.add(chat.pk)
    with pytest.raises(SystemExit) as left:
        call_command("replay_destructions")
    assert left.value.code == 1
    assert f"kept by a hold: 1\n  {chat.ref}" in capsys.readouterr().out
    court.holds.clear()
    call_command("replay_destructions")
    assert "destroyed again: 1" in capsys.readouterr().out


def test_without_any_tombstone_only_the_epoch_changes(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("replay_destructions")
    assert "destroyed again: 0" in capsys.readouterr().out


def test_a_tombstone_is_stored_as_soon_as_the_storage_is_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = make_full(cast)
    policy(delete_days=1)
    step(0)

    def away(*args: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as moment:
        moment.setattr(tombstones, "_write", away)
        step(31)
        assert Tombstone.objects.get().stored_at is None
    step(31.5)
    stone = Tombstone.objects.get()
    assert stone.stored_at is not None
    with default_storage.open(tombstones.place_of(stone), "rb") as file:
        assert json.loads(file.read())["facts"]["conversation"] == chat.ref
