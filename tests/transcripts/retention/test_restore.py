"""P5: what was put away and brought back exports as before, byte for byte; meanwhile no export has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from chatdesk import exporting
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.retention.stage import MARKER, make_full, policy, step
from transcripts.actions import quarantine
from transcripts.models import Disposition
from transcripts.retention_slots import marks


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_full(cast)


def exported(where: Path) -> dict[str, bytes]:
    """The records and files of an export of everything, without what tells of the export itself."""
    call_command("export", "--format", "jsonl", "--out", str(where), verbosity=0)
    kept = [each for each in where.rglob("*") if each.is_file() and {"records", "files"} & set(each.parts)]
    return {str(each.relative_to(where)): each.read_bytes() for each in sorted(kept)}


def test_p5_brought_back_it_exports_byte_for_byte(chat: Conversation, cora: User, tmp_path: Path) -> None:
    policy(delete_days=1)
    before, page = exported(tmp_path / "before"), exporting.export(chat, "json", with_contact=True, by=cora).text
    assert any(MARKER.encode() in data for data in before.values())
    step(0)
    quarantine.restore(cora, Disposition.objects.get().pk, "still needed")
    chat.refresh_from_db()
    assert exported(tmp_path / "after") == before
    again = exporting.export(chat, "json", with_contact=True, by=cora).text
    assert without_times(again) == without_times(page)


def without_times(page: str) -> list[str]:
    return [line for line in page.splitlines() if f"{timezone.now():%Y-%m-%dT%H}" not in line or "exported" not in line]


def test_what_was_put_away_is_in_no_export_and_marked_in_lists(chat: Conversation, tmp_path: Path) -> None:
    policy(delete_days=1)
    assert marks([chat.pk]) == {}
    step(0)
    assert "put away" in marks([chat.pk])[chat.pk]
    assert not any(MARKER.encode() in data for data in exported(tmp_path / "hidden").values())
