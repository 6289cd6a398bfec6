"""Uploads that a crash left half done are found and removed; what is stored or still young stays."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from chatdesk.actions.files import storing, sweep_unfinished
from chatdesk.models import Conversation, File
from tests.chatdesk.files.conftest import Shelf, send


def unfinished(chat: Conversation, hours: float, content: bytes | None = b"half") -> File:
    began = timezone.now() - timedelta(hours=hours)
    file = File.objects.create(
        conversation=chat, name="a.pdf", media_type="application/pdf", size=4, sha256="0" * 64, created_at=began
    )
    if content is not None:
        default_storage.save(storing.place_of(file.key), ContentFile(content))
    return file


def test_an_old_unfinished_upload_goes_with_its_bytes(chat: Conversation, shelf: Shelf) -> None:
    unfinished(chat, 1.1)
    unfinished(chat, 30, content=None)
    assert sweep_unfinished() == 2
    assert not shelf.files
    assert not File.objects.exists()
    assert sweep_unfinished() == 0


def test_a_young_one_may_still_be_on_its_way(chat: Conversation, shelf: Shelf) -> None:
    unfinished(chat, 0.9)
    assert sweep_unfinished() == 0
    assert len(shelf.files) == File.objects.count() == 1


def test_a_stored_one_stays_for_ever(chat: Conversation, shelf: Shelf) -> None:
    entry = send(chat)
    File.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert sweep_unfinished() == 0
    assert storing.discard(File.objects.get()) is False
    entry.refresh_from_db()
    assert len(shelf.files) == 1


def test_what_can_not_be_removed_is_tried_again(chat: Conversation, shelf: Shelf) -> None:
    unfinished(chat, 2)
    unfinished(chat, 2)
    with patch.object(default_storage, "delete", side_effect=[OSError("away"), None]):
        assert sweep_unfinished() == 1
    assert File.objects.count() == 1
    assert sweep_unfinished() == 1
