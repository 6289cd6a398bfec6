from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from chatdesk.actions.files import pace, receive
from chatdesk.models import Conversation, Entry, Participant, SiteSettings
from chatdesk.sitelimits import forget
from tests.chatdesk.files.samples import PDF
from tests.factories import Cast, make_conversation, make_participant


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What the process remembers of other tests: limits, and who sent how much."""
    forget()
    pace._buckets.clear()
    yield
    forget()


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    """Vera talks to Alice of Sales."""
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


@dataclass(frozen=True)
class Shelf:
    """The storage, as it lies on the disk."""

    root: Path

    @property
    def files(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if path.is_file()]

    def content(self) -> list[bytes]:
        return [path.read_bytes() for path in self.files]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf(Path(settings.MEDIA_ROOT) / "files")
    shutil.rmtree(shelf.root, ignore_errors=True)
    yield shelf
    shutil.rmtree(shelf.root, ignore_errors=True)


def part(conversation: Conversation, user: User | None = None) -> Participant:
    return make_participant(conversation, user)


def send(conversation: Conversation, content: bytes = PDF, name: str = "offer.pdf", client_id: str = "one") -> Entry:
    """The visitor sends a file."""
    return receive(conversation, part(conversation), SimpleUploadedFile(name, content), client_id)


def configure(**changes: Any) -> None:
    """The admin changes the site's settings, and every process has heard of it."""
    SiteSettings.objects.update_or_create(pk=1, defaults=changes)
    forget()
