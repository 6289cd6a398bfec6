"""P6: after the end a marker that was in everything is nowhere: rows, free pages, index, storage, exports, logs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from chatdesk.models import Conversation
from tests.factories import Cast, make_cast
from tests.transcripts.retention.stage import make_full, policy, step
from transcripts.actions import indexing
from transcripts.models import Tombstone

MARKER = "quetschkommode"
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def stage(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """All rows are committed: what a transaction takes back would prove nothing about pages."""
    monkeypatch.setattr("tests.transcripts.retention.stage.MARKER", MARKER)
    indexing.ensure()
    return make_cast()


def dump() -> str:
    """Every value of every table, the index's own among them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


def pages() -> bytes:
    """The database's files as they lie on the disk, free pages and the log written ahead too."""
    if connection.vendor != "sqlite":
        return b""
    place = Path(str(connection.settings_dict["NAME"]))
    parts = [place, place.with_name(place.name + "-wal")]
    return b"".join(part.read_bytes() for part in parts if part.exists()).lower()


def stored() -> bytes:
    root = Path(settings.VAR)
    files = [each for each in root.rglob("*") if each.is_file() and "sqlite" not in each.name]
    return b"".join(each.read_bytes() for each in files).lower()


def test_p6_nothing_is_left_anywhere(stage: Cast, caplog: pytest.LogCaptureFixture) -> None:
    chat = make_full(stage, files=2)
    ref = chat.ref
    assert MARKER in dump()
    assert MARKER.encode() in stored()
    assert connection.vendor != "sqlite" or MARKER.encode() in pages()
    policy(delete_days=1)
    step(0)
    assert MARKER in dump()
    step(31)
    assert not Conversation.objects.exists()
    assert MARKER not in dump()
    assert MARKER.encode() not in pages()
    assert MARKER.encode() not in stored()
    assert MARKER not in caplog.text.lower()
    assert Tombstone.objects.get().ref == ref


def test_a_part_that_goes_leaves_nothing_either(stage: Cast) -> None:
    chat = make_full(stage, files=0)
    policy(data="notes", delete_days=1)
    step(0)
    before = dump().count(MARKER)
    step(31)
    assert dump().count(MARKER) < before
    assert "asks about" not in dump()
    assert b"asks about" not in pages()
    assert Conversation.objects.filter(pk=chat.pk).exists()
