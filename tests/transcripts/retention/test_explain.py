"""Why is this still here, when will it go: a sentence for each reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation
from tests.factories import Cast, make_conversation
from tests.transcripts.retention.conftest import Court
from tests.transcripts.retention.stage import make_full, policy, step
from transcripts.actions import quarantine
from transcripts.actions.retaining import explain
from transcripts.models import Disposition
from transcripts.retention_slots import side


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_full(cast, ended_days_ago=100)


def test_no_policy(chat: Conversation) -> None:
    told = explain(chat)
    assert (told.why, told.goes_at) == (("No policy deletes it.",), None)


def test_an_open_conversation(cast: Cast) -> None:
    told = explain(make_conversation(cast.sales_button))
    assert told.why == ("It has not ended: no policy counts yet.",)


def test_kept_and_due(cast: Cast, chat: Conversation) -> None:
    keeps, deletes = policy(keep_days=150), policy(cast.sales, delete_days=200)
    told = explain(chat)
    assert told.goes_at == chat.closed_at + timedelta(days=200)  # type: ignore[operator]
    assert f"by policy {keeps.pk} v1" in told.why[0]
    assert told.why[0].startswith("Kept until")
    assert told.why[1].startswith("Due on")
    assert f"by policy {deletes.pk} v1 (Sales)" in told.why[1]


def test_held(chat: Conversation, court: Court) -> None:
    policy(delete_days=10)
    court.holds.add(chat.pk)
    told = explain(chat)
    assert told.why[0] == "Held by: Smith v. Desk. Nothing of it is deleted."
    assert told.goes_at is None


def test_waiting_for_an_export(chat: Conversation) -> None:
    policy(delete_days=10, export_first=True)
    assert "waits for an export" in explain(chat).why[-1]


def test_put_away_and_brought_back(chat: Conversation, cora: User) -> None:
    policy(delete_days=10)
    step(0)
    told = explain(chat)
    assert "can be brought back until then" in told.why[-1]
    assert told.goes_at == Disposition.objects.get().destroy_at
    quarantine.restore(cora, Disposition.objects.get().pk, "a question came", 7)
    told = explain(chat)
    assert told.why[0].startswith("Cora keeps it until")
    assert told.why[0].endswith("a question came")
    assert told.goes_at is not None
    assert timedelta(days=6) < told.goes_at - timezone.now() < timedelta(days=8)


def test_parts(chat: Conversation) -> None:
    policy(data="files", delete_days=30)
    policy(data="notes", keep_days=30)
    assert explain(chat).parts[0].startswith("files: due on")
    assert explain(chat).parts[1] == "internal notes: with the conversation."
    step(0)
    assert explain(chat).parts[0].startswith("files: deleted on")


def test_beside_the_conversation(chat: Conversation) -> None:
    assert "No policy deletes it." in side({"conversation": chat})
