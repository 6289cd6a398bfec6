"""The rounds through all conversations: the old ones get records, and what was changed is said loudly."""

from __future__ import annotations

import logging

import pytest
from django.utils import timezone

from chatdesk.advice import advice
from chatdesk.models import Conversation, Entry
from tests.factories import Cast, make_conversation, make_entries
from tests.transcripts.recording.reading import assert_whole, kinds
from transcripts import tasks
from transcripts.actions import watching
from transcripts.models import BrokenChain, Chain, CheckRound, LogLeaf


def old(cast: Cast, *, closed: bool = True) -> Conversation:
    conversation = make_conversation(cast.sales_button, closed=closed)
    make_entries(conversation, 2)
    return conversation


def test_conversations_from_before_get_their_records(cast: Cast) -> None:
    ended, open_one = old(cast), old(cast, closed=False)
    assert tasks.begin_records() == 2
    assert kinds(ended) == ["opened", "participant", "begun_late", "message", "message", "seal"]
    assert kinds(open_one) == ["opened", "participant", "begun_late", "message", "message"]
    assert_whole(ended)
    assert LogLeaf.objects.filter(about=ended.ref, kind="conversation.closed").count() == 1
    assert tasks.begin_records() == 0


def test_what_ended_without_a_seal_is_sealed_once(cast: Cast) -> None:
    conversation = old(cast, closed=False)
    watching.begin_due()
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=timezone.now())
    assert watching.begin_due() == 1
    assert watching.begin_due() == 0
    assert kinds(conversation).count("seal") == 1


def test_a_share_goes_on_where_the_last_one_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    for _ in range(3):
        old(cast)
    tasks.begin_records()
    tasks.begin_records()
    assert Chain.objects.count() == 3
    assert [tasks.check_records(), tasks.check_records(), tasks.check_records()] == [2, 1, 2]
    assert CheckRound.objects.get().done_at is not None


def test_a_run_ends_in_time_and_the_rest_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SECONDS", -1.0)
    old(cast)
    assert tasks.begin_records() == 0
    assert tasks.check_records() == 0
    assert CheckRound.objects.get().done_at is None


def test_what_was_changed_is_said_to_admins_and_in_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    conversation = old(cast)
    watching.begin_due()
    Entry.objects.filter(conversation=conversation, seq=1).update(body="marker of a forger")
    with caplog.at_level(logging.ERROR):
        watching.check_share()
    broken = BrokenChain.objects.get(conversation=conversation)
    assert (broken.number, broken.what) == (4, "content")
    assert conversation.ref in caplog.text
    assert "marker" not in caplog.text
    assert any(conversation.ref in each.text and "4" in each.text for each in advice())


def test_what_is_whole_again_is_no_longer_said(cast: Cast) -> None:
    conversation = old(cast)
    watching.begin_due()
    Entry.objects.filter(conversation=conversation, seq=1).update(body="changed")
    watching.keep_result(conversation.pk)
    Entry.objects.filter(conversation=conversation, seq=1).update(body="Message 1")
    watching.keep_result(conversation.pk)
    assert not BrokenChain.objects.exists()
    assert not any(conversation.ref in each.text for each in advice())


def test_one_that_is_gone_meanwhile_harms_nothing(cast: Cast) -> None:
    assert watching.keep_result(10**9)
