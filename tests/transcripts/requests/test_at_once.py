"""Two people at once, and one who presses twice: answered once, erased once, and a hold always comes in time."""

from __future__ import annotations

import pytest
from django.utils import timezone

from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.attacks.racing import at_once
from tests.transcripts.requests.conftest import By, Stage, erasure
from tests.transcripts.retention.stage import MARKER, make_full, step
from transcripts.actions import holding
from transcripts.actions.requesting import answering, erasing, opening, tending
from transcripts.models import Disposition, LogLeaf, Matter, RequestItem, Tombstone

pytestmark = pytest.mark.django_db(transaction=True)


def test_answered_by_three_it_is_answered_once(stage: Stage) -> None:
    _cast, cora, purpose = stage
    request = erasure(cora, purpose)

    def answers() -> str:
        try:
            return answering.answer(cora, purpose, request.pk, "mail")
        except Refused as refused:
            return refused.detail

    said = at_once(answers, answers, answers)
    assert sorted(map(str, said)) == ["This request was answered already."] * 2 + ["nothing"]
    assert LogLeaf.objects.filter(kind="request.answered").count() == 1


def test_confirmed_twice_it_is_erased_once(stage: Stage) -> None:
    cast, cora, purpose = stage
    chat = make_full(cast, cast.vera, files=0)
    request = erasure(cora, purpose)
    done = at_once(*[lambda: erasing.erase(cora, purpose, request.pk)] * 3)
    assert sorted(each.erasing for each in done if isinstance(each, erasing.Done)) == [0, 0, 1]
    assert Disposition.objects.count() == 1
    step(0)
    assert Tombstone.objects.filter(ref=chat.ref).count() == 1


def test_a_hold_placed_at_that_moment_keeps_it(stage: Stage) -> None:
    """Whoever was first: the erasure sees the hold, or its destruction does."""
    cast, cora, purpose = stage
    chat = make_full(cast, cast.vera, files=0)
    request = erasure(cora, purpose)
    facts = {"name": "Coats", "scopes": [f"ref:{chat.ref}"], "reason": "a letter"}
    at_once(
        lambda: erasing.erase(cora, purpose, request.pk),
        lambda: holding.place(cora, purpose, Matter.objects.get().pk, **facts),  # type: ignore[arg-type]
    )
    step(0)
    tending.settle(timezone.now())
    assert Conversation.objects.filter(pk=chat.pk, hidden_at__isnull=False).exists()
    item = RequestItem.objects.get()
    assert (item.state, item.code) == (RequestItem.State.RESTRICTED, "hold")


def test_looked_for_by_two_each_is_found_once(stage: Stage) -> None:
    cast, cora, purpose = stage
    request = erasure(cora, purpose)
    chats = [make_full(cast, cast.vera, files=0) for _ in range(3)]
    given = [(By.NAME.value, f"{MARKER} name")]
    at_once(*[lambda: opening.go_by(cora, purpose, request.pk, given)] * 2)
    assert RequestItem.objects.count() == len(chats)
    assert request.identities.count() == 2
