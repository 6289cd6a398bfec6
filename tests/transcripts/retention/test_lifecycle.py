"""Due, put away, brought back or destroyed: P1, P3, P8 and what stays."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import ManyToOneRel
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation, Entry, File, Note, Participant, Visitor
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation
from tests.transcripts.retention.conftest import Court
from tests.transcripts.retention.stage import after, make_full, policy, step, there
from transcripts.actions import quarantine
from transcripts.actions.destroying.ending import destroy
from transcripts.actions.destroying.rows import pointing_to
from transcripts.actions.retaining.waiting import QUARANTINE, current_run, put_away
from transcripts.models import Chain, Disposition, KeptByHand, LogLeaf, Record, RetentionPolicy, RetentionRun, Tombstone

State = Disposition.State


def states() -> list[str]:
    return list(Disposition.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_full(cast, cast.vera)


def test_without_a_policy_nothing_is_ever_touched(chat: Conversation) -> None:
    step(0)
    step(10_000)
    assert Conversation.objects.get().hidden_at is None
    assert states() == []


def test_what_is_due_is_put_away_and_destroyed_a_month_later(cast: Cast, chat: Conversation) -> None:
    policy(delete_days=365)
    young = make_full(cast, cast.walt, ended_days_ago=100)
    keys = list(chat.files.values_list("key", flat=True))
    step(0)
    chat.refresh_from_db()
    assert chat.hidden_at is not None
    assert states() == [State.QUARANTINED]
    step(29)
    assert Conversation.objects.filter(pk=chat.pk).exists()
    assert step(31) == 1
    assert list(Conversation.objects.all()) == [young]
    assert states() == [State.DESTROYED]
    assert not any(there(key) for key in keys)
    assert all(there(key) for key in young.files.values_list("key", flat=True))


def test_no_table_keeps_a_row_of_it(cast: Cast, chat: Conversation) -> None:
    """Whatever points to a conversation, in any app, is gone; rows of others are untouched."""
    policy(delete_days=1)
    make_full(cast, cast.walt, ended_days_ago=0)
    before = counts()
    step(0)
    step(31)
    now = counts()
    gone = {name: before[name] - now[name] for name in before if before[name] != now[name]}
    tables = ("conversation", "participant", "entry", "file", "note")
    assert {name: gone.get(f"chatdesk.{name}") for name in tables} == {
        "conversation": 1,
        "participant": 2,
        "entry": 4,
        "file": 1,
        "note": 1,
    }
    assert gone["transcripts.record"] > 5
    assert gone["transcripts.chain"] == gone["chatdesk.visitor"] == gone["routing.request"] == 1
    grown = {name for name in gone if gone[name] < 0}
    assert grown <= {
        "transcripts.disposition",
        "transcripts.tombstone",
        "transcripts.logleaf",
        "transcripts.lognode",
        "transcripts.retentionrun",
        "transcripts.retentionclock",
    }


def counts() -> Counter[str]:
    return Counter({model._meta.label_lower: model._base_manager.count() for model in apps.get_models()})


def test_a_visitor_who_wrote_elsewhere_is_still_known(cast: Cast, chat: Conversation) -> None:
    policy(delete_days=365)
    make_conversation(cast.support_button, cast.vera)
    step(0)
    step(31)
    assert Visitor.objects.filter(pk=cast.vera.visitor.pk).exists()


def test_the_tombstone_says_how_much_and_why_and_nothing_else(cast: Cast, chat: Conversation) -> None:
    made = policy(cast.sales, delete_days=365)
    head = Chain.objects.get(conversation=chat).head
    step(0)
    step(31)
    stone = Tombstone.objects.get()
    facts = stone.facts
    assert (stone.ref, stone.group_slug, facts["head"]) == (chat.ref, "sales", head)
    assert (facts["entries"], facts["files"], facts["notes"], facts["policy"]) == (4, 1, 1, f"{made.pk} v1")
    assert facts["bytes"] > 0
    assert [each["versions"] for each in facts["objects"]] == [1]
    leaf = LogLeaf.objects.get(kind="conversation.destroyed")
    assert (leaf.index, leaf.about) == (stone.leaf, chat.ref)
    assert default_storage.exists(f"tombstones/{stone.destroyed_at:%Y-%m}/{chat.ref}.json")
    for text in (leaf.data, str(facts)):
        assert "Zwetschgen" not in text
        assert "Alice" not in text


def test_p3_destroying_twice_is_destroying_once(chat: Conversation) -> None:
    policy(delete_days=1)
    step(0)
    found = Disposition.objects.get()
    assert destroy(found.pk, after(31)) == State.DESTROYED
    assert destroy(found.pk, after(32)) == State.DESTROYED
    step(33)
    assert Tombstone.objects.count() == LogLeaf.objects.filter(kind="conversation.destroyed").count() == 1


def test_p1_a_hold_that_comes_before_keeps_it(chat: Conversation, court: Court) -> None:
    policy(delete_days=1)
    court.holds.add(chat.pk)
    step(0)
    assert states() == []
    assert Conversation.objects.get().hidden_at is None


def test_p1_a_hold_that_comes_in_quarantine_brings_it_back(chat: Conversation, court: Court) -> None:
    policy(delete_days=1)
    step(0)
    court.holds.add(chat.pk)
    step(31)
    assert states() == [State.CANCELLED]
    assert Conversation.objects.get().hidden_at is None
    court.holds.clear()
    step(32)  # released: back to the schedule, with a quarantine of its own
    assert states() == [State.CANCELLED, State.QUARANTINED]
    step(33)
    assert Conversation.objects.exists()


def test_p1_a_hold_between_choosing_and_destroying_is_seen_under_the_lock(chat: Conversation, court: Court) -> None:
    policy(delete_days=1)
    step(0)
    found = Disposition.objects.get()
    court.holds.add(chat.pk)
    assert destroy(found.pk, after(31)) == State.CANCELLED
    assert Conversation.objects.get().hidden_at is None
    assert there(chat.files.get().key)


def test_p1_a_hold_between_the_two_locks_keeps_what_is_left(
    chat: Conversation, court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process died after the first of two files went; then a hold came."""
    policy(delete_days=1)
    step(0)
    found = Disposition.objects.get()
    lost = chat.files.get()
    Disposition.objects.update(state=State.DESTROYING)
    default_storage.delete(place_of(lost.key))
    court.holds.add(chat.pk)
    assert destroy(found.pk, after(31)) == State.CANCELLED
    lost.refresh_from_db()
    assert lost.state == File.State.ERASED
    assert Entry.objects.filter(conversation=chat).count() == 4


def test_it_goes_on_and_is_not_destroyed(cast: Cast, chat: Conversation) -> None:
    policy(delete_days=1)
    step(0)
    Conversation.objects.update(closed_at=None)
    step(31)
    assert states() == [State.CANCELLED]
    assert Conversation.objects.get().hidden_at is None


def test_a_longer_policy_brings_back_what_was_put_away(chat: Conversation) -> None:
    policy(delete_days=365)
    step(0)
    policy(keep_days=3650, kind="live")
    step(1)
    assert states() == [State.CANCELLED]
    assert Conversation.objects.get().hidden_at is None


def test_c05_a_transfer_to_a_group_that_deletes_soon_changes_nothing(cast: Cast, chat: Conversation) -> None:
    policy(cast.sales, delete_days=3650)
    policy(cast.support, delete_days=30)
    Conversation.objects.filter(pk=chat.pk).update(**chat.moved_to(cast.support.pk))
    step(0)
    assert states() == []
    Conversation.objects.update(earlier_groups=[])
    step(0.1)
    assert states() == [State.QUARANTINED]


def test_what_was_put_away_comes_back_as_it_was(cast: Cast, chat: Conversation, cora: User) -> None:
    """P5, as rows: every row of it is the same, byte for byte; the exports are in test_restore.py."""
    policy(delete_days=1)
    before = rows_of(chat)
    step(0)
    brought = quarantine.restore(cora, Disposition.objects.get().pk, "still needed", 60)
    assert brought == chat
    assert rows_of(chat) == before
    assert Conversation.objects.get().hidden_at is None
    step(31)
    step(59)
    assert states() == [State.RESTORED]
    step(61)
    assert states() == [State.RESTORED, State.QUARANTINED]


def rows_of(chat: Conversation) -> list[dict[str, Any]]:
    tables: list[Any] = [Entry, Note, File, Participant, Record]
    return [row for table in tables for row in table.objects.filter(conversation=chat).order_by("pk").values()]


def test_nobody_brings_back_what_is_being_destroyed(chat: Conversation, cora: User, cast: Cast) -> None:
    policy(delete_days=1)
    step(0)
    found = Disposition.objects.get()
    with pytest.raises(Refused, match="compliance"):
        quarantine.restore(cast.alice, found.pk, "please")
    with pytest.raises(Refused, match="why"):
        quarantine.restore(cora, found.pk, " ")
    with pytest.raises(Refused, match="between 1"):
        quarantine.restore(cora, found.pk, "please", 0)
    Disposition.objects.update(state=State.DESTROYING)
    with pytest.raises(Refused, match="can't be brought back"):
        quarantine.restore(cora, found.pk, "please")
    assert not KeptByHand.objects.exists()


def test_p8_what_was_destroyed_and_what_is_kept_are_all_there_ever_were(cast: Cast) -> None:
    policy(delete_days=300)
    policy(cast.support, keep_days=2000)
    made = [make_full(cast, ended_days_ago=days, files=0) for days in (10, 290, 301, 400, 900)]
    Conversation.objects.filter(pk=made[3].pk).update(group=cast.support)
    gone: set[str] = set()
    for day in (0, 31, 62):
        step(day)
        kept = set(Conversation.objects.values_list("ref", flat=True))
        gone = set(Tombstone.objects.values_list("ref", flat=True))
        assert kept | gone == {each.ref for each in made}
        assert not kept & gone
    assert {each.ref for each in (made[1], made[2], made[4])} == gone


def test_a_run_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(delete_days=1)
    monkeypatch.setattr("transcripts.actions.retaining.waiting.BATCH", 2)
    made = [make_full(cast, files=0) for _ in range(5)]
    now = timezone.now()
    begun = current_run(now)
    assert begun is not None
    assert put_away(begun, now)
    begun.refresh_from_db()
    assert (begun.cursor, begun.examined, begun.quarantined) == (made[1].pk, 2, 2)
    assert current_run(now) == begun
    assert put_away(begun, now)
    assert put_away(begun, now)
    assert not put_away(begun, now)
    begun.refresh_from_db()
    assert (begun.examined, begun.quarantined, begun.is_open) == (5, 5, False)
    assert current_run(now) is None
    assert not put_away(begun, now)
    assert RetentionRun.objects.count() == 1
    assert Disposition.objects.filter(destroy_at=now + QUARANTINE).count() == 5


def test_p7_a_changed_policy_alters_no_tombstone(chat: Conversation) -> None:
    made = policy(delete_days=1)
    step(0)
    step(31)
    before = Tombstone.objects.values().get()
    RetentionPolicy.objects.update(delete_days=7, version=2)
    step(32)
    made.delete()
    step(33)
    assert Tombstone.objects.values().get() == before


def test_every_key_to_a_conversation_can_be_walked() -> None:
    """A table that a later version adds and that points to a conversation is found by the walk itself."""
    known = {f"{each.related_model._meta.label_lower}.{each.field.name}" for each in pointing_to(Conversation)}
    every = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Conversation and not model._meta.proxy
    }
    assert known == every
    assert "transcripts.record.conversation" in known
    assert all(isinstance(each, ManyToOneRel) for each in pointing_to(Conversation))
