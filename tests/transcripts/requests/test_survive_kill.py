"""Killed (SIGKILL) before each statement of an erasure, a settling or an answer: whole, or not begun; never twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from chatdesk.models import Conversation
from tests.transcripts.requests.conftest import Stage, erasure
from tests.transcripts.retention.stage import make_full, step
from tests.transcripts.retention.test_kill import killed_at
from transcripts.actions.requesting import answering, erasing, tending
from transcripts.models import (
    Disposition,
    LogLeaf,
    RequestItem,
    RetentionMail,
    SubjectRequest,
    Tombstone,
)

State = RequestItem.State
pytestmark = pytest.mark.usefixtures("transactional_db")


def test_c09_killed_anywhere_it_is_erased_and_answered_once(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    cast, cora, purpose = stage
    chats = [make_full(cast, cast.vera, files=0), make_full(cast, cast.vera, files=0)]
    request = erasure(cora, purpose)
    kills = 0
    while killed_at(kills + 1, lambda: erasing.erase(cora, purpose, request.pk)):
        kills += 1
        assert set(RequestItem.objects.values_list("state", flat=True)) == {State.FOUND}
        assert not Disposition.objects.exists()
        assert not Conversation.objects.filter(hidden_at__isnull=False).exists()
    assert kills > 10
    assert Disposition.objects.count() == 2
    step(0)
    settled = 0
    while killed_at(settled + 1, lambda: tending.settle(timezone.now())):
        settled += 1
    assert set(RequestItem.objects.values_list("state", flat=True)) == {State.ERASED}
    answered = 0
    while killed_at(answered + 1, lambda: answering.answer(cora, purpose, request.pk, "mail")):
        answered += 1
        found = SubjectRequest.objects.get(pk=request.pk)
        assert (found.answered_at is None) == (LogLeaf.objects.filter(kind="request.answered").count() == 0)
    record_property("figure", f"erasure killed before each of {kills} + {settled} + {answered} statements: once")
    assert LogLeaf.objects.filter(kind="request.answered").count() == 1
    assert sorted(Tombstone.objects.values_list("ref", flat=True)) == sorted(chat.ref for chat in chats)


def test_killed_while_it_wakes_somebody_is_told_once(stage: Stage) -> None:
    cast, cora, purpose = stage
    make_full(cast, cast.vera, files=0)
    request = erasure(cora, purpose)
    RequestItem.objects.update(state=State.RESTRICTED, code="hold")
    kills = 0
    while killed_at(kills + 1, lambda: tending.wake(timezone.now())):
        kills += 1
        is_told = RetentionMail.objects.filter(user=cora, letter="request_woken").exists()
        assert RequestItem.objects.filter(woken_at__isnull=False).exists() == is_told, kills
    assert kills > 3
    assert RetentionMail.objects.filter(user=cora, letter="request_woken", facts={"number": request.pk}).count() == 1
