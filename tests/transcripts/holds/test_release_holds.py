"""The way out of a hold: asked for, agreed to by somebody else, a day, and a month on top. Nothing goes by it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast
from tests.transcripts.holds.conftest import Places
from tests.transcripts.retention.stage import after, make_full, policy, step
from transcripts import holds
from transcripts.actions import holding
from transcripts.actions.retaining import proposing
from transcripts.models import LegalHold, LogLeaf, Proposal, Purpose


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_full(cast, cast.vera)


@pytest.fixture
def hold(chat: Conversation, places: Places) -> LegalHold:
    return places(f"ref:{chat.ref}")


def ask(hold: LegalHold, cora: User, purpose: Purpose) -> Proposal:
    return holding.ask_release(cora, purpose, hold.pk, "the case is over")


def test_nobody_releases_alone(hold: LegalHold, cora: User, purpose: Purpose, chat: Conversation) -> None:
    """C-02."""
    asked = ask(hold, cora, purpose)
    assert asked.forecast == {"whole": 1}
    with pytest.raises(Refused):
        proposing.approve(cora, asked.pk)
    assert proposing.apply_due(after(10)) == 0
    assert list(holds.held([chat.pk])) == [chat.pk]


def test_asked_for_once_and_with_a_reason(hold: LegalHold, cora: User, purpose: Purpose) -> None:
    with pytest.raises(Refused):
        holding.ask_release(cora, purpose, hold.pk, "")
    ask(hold, cora, purpose)
    with pytest.raises(Refused, match="already"):
        ask(hold, cora, purpose)


def test_a_release_deletes_nothing_for_a_month(
    hold: LegalHold, cora: User, carl: User, purpose: Purpose, chat: Conversation
) -> None:
    policy(delete_days=30)
    proposing.approve(carl, ask(hold, cora, purpose).pk)
    assert proposing.apply_due(timezone.now()) == 0, "a day passes first"
    assert proposing.apply_due(after(1.1)) == 1
    hold.refresh_from_db()
    assert hold.released_at is not None
    assert LogLeaf.objects.filter(kind="hold.released").count() == 1
    assert "kept until" in holds.held([chat.pk])[chat.pk][0]
    step(0)
    assert Conversation.objects.get(pk=chat.pk).hidden_at is None
    LegalHold.objects.update(released_at=after(-31))
    assert holds.held([chat.pk]) == {}
    step(1)
    assert Conversation.objects.get(pk=chat.pk).hidden_at is not None
    assert step(32) == 1
    assert not Conversation.objects.exists()


def test_what_another_hold_keeps_is_not_counted_and_stays(
    hold: LegalHold, places: Places, cora: User, carl: User, purpose: Purpose
) -> None:
    chat = Conversation.objects.get()
    places(f"ref:{chat.ref}", name="Another")
    asked = ask(hold, cora, purpose)
    assert asked.forecast == {"whole": 0}
    proposing.approve(carl, asked.pk)
    proposing.apply_due(after(2))
    LegalHold.objects.filter(pk=hold.pk).update(released_at=after(-31))
    assert holds.held([chat.pk]) == {chat.pk: ["2026-014 · Another"]}


def test_a_released_hold_finds_nothing_new_and_grows_no_more(
    hold: LegalHold, cora: User, carl: User, purpose: Purpose
) -> None:
    proposing.approve(carl, ask(hold, cora, purpose).pk)
    proposing.apply_due(after(2))
    assert holding.follow_all() == 0
    with pytest.raises(Refused, match="released"):
        holding.widen(cora, purpose, hold.pk, ["refund"])
    with pytest.raises(Refused, match="released"):
        ask(hold, cora, purpose)


def test_refused_it_stays(hold: LegalHold, cora: User, carl: User, purpose: Purpose) -> None:
    asked = ask(hold, cora, purpose)
    proposing.withdraw(carl, asked.pk)
    assert proposing.apply_due(after(10)) == 0
    assert LegalHold.objects.get().released_at is None
    assert ask(hold, cora, purpose).pk != asked.pk
