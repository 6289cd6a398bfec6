"""A volume leaves once, to who asked for it; a broken line is taken up where it broke, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.factories import Cast, make_compliance
from tests.transcripts.browsers import comes_in
from tests.transcripts.exporting.archive import exported, parts, talked
from transcripts.actions.exporting import delivering
from transcripts.actions.exporting.asking import NotPossible
from transcripts.models import Export, ExportPart, ExportState
from transcripts.views.volumes import Counted


@pytest.fixture
def part(cast: Cast, cora: User) -> ExportPart:
    talked(cast, "what was said", files=1)
    [made] = parts(exported(cora))
    return made


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "CHUNK", 1000)
    monkeypatch.setattr(delivering, "LOST_ON_THE_WAY", 1500)


def address(part: ExportPart) -> str:
    return f"/transcripts/exports/{part.export.ref}/volumes/{part.number}/"


def test_who_asked_fetches_it_whole_and_once(part: ExportPart, cora: User) -> None:
    browser = comes_in(cora)
    answer = browser.get(address(part))
    whole = b"".join(answer)
    assert (answer.status_code, len(whole)) == (200, part.size)
    assert answer.headers["Content-Type"] == "application/zip"
    assert int(answer.headers["Content-Length"]) == part.size
    part.refresh_from_db()
    assert (part.state, part.served) == (ExportPart.State.FETCHED, part.size)
    again = browser.get(address(part))
    assert (again.status_code, again.headers["Location"]) == (302, f"/transcripts/exports/{part.export.ref}/")
    assert browser.get(address(part), headers={"Range": "bytes=10-"}).status_code == 302


def test_nobody_else_fetches_it(part: ExportPart, cast: Cast) -> None:
    carl = make_compliance("carl")
    with pytest.raises(NotPossible):
        delivering.begin(part, carl)
    assert comes_in(carl).get(address(part)).status_code == 302
    for outsider in (cast.alice, cast.charlie):
        browser = Client()
        browser.force_login(outsider, backend="accounts.backends.UserTypeBackend")
        assert browser.get(address(part)).status_code == 403
    part.refresh_from_db()
    assert part.served == 0


def test_a_look_at_its_head_is_no_fetching(part: ExportPart, cora: User) -> None:
    answer = comes_in(cora).head(address(part))
    assert (answer.headers["Content-Length"], answer.headers["Accept-Ranges"]) == (str(part.size), "bytes")
    part.refresh_from_db()
    assert (part.served, part.state) == (0, ExportPart.State.STORED)


@pytest.mark.usefixtures("small_pieces")
def test_a_broken_line_goes_on_where_it_broke(part: ExportPart, cora: User) -> None:
    first = delivering.chunks(part, delivering.begin(part, cora), 0)
    received = next(first) + next(first)
    first.close()  # type: ignore[attr-defined]
    answer = comes_in(cora).get(address(part), headers={"Range": f"bytes={len(received)}-"})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {len(received)}-{part.size - 1}/{part.size}"
    received += b"".join(answer)
    assert len(received) == part.size
    assert received[:2] == b"PK"
    part.refresh_from_db()
    assert part.state == ExportPart.State.FETCHED


@pytest.mark.usefixtures("small_pieces")
def test_it_goes_on_nowhere_else(part: ExportPart, cora: User) -> None:
    line = delivering.begin(part, cora)
    pieces = delivering.chunks(part, line, 0)
    for _ in range(3):
        next(pieces)
    for start in (1, 1000, 3001, part.size - 1):
        with pytest.raises(NotPossible):
            delivering.begin(part, cora, start)
    with pytest.raises(NotPossible):
        delivering.begin(part, cora)
    assert delivering.begin(part, cora, 2000)


@pytest.mark.usefixtures("small_pieces")
def test_an_older_line_ends_when_a_newer_takes_over(part: ExportPart, cora: User) -> None:
    older = delivering.chunks(part, delivering.begin(part, cora), 0)
    next(older)
    newer = delivering.chunks(part, delivering.begin(part, cora, 1000), 1000)
    assert list(older) == []
    assert sum(map(len, newer)) == part.size - 1000


@pytest.mark.usefixtures("small_pieces")
def test_not_a_day_later(part: ExportPart, cora: User) -> None:
    next(delivering.chunks(part, delivering.begin(part, cora), 0))
    ExportPart.objects.update(begun_at=timezone.now() - timedelta(days=2))
    with pytest.raises(NotPossible):
        delivering.begin(part, cora, 1000)


def test_beyond_its_end_there_is_nothing(part: ExportPart, cora: User) -> None:
    answer = comes_in(cora).get(address(part), headers={"Range": f"bytes={part.size}-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{part.size}")


def test_what_is_not_finished_or_over_does_not_leave(part: ExportPart, cora: User) -> None:
    for state in (ExportState.RUNNING, ExportState.EXPIRED, ExportState.CANCELLED):
        Export.objects.update(state=state)
        part.export.refresh_from_db()
        with pytest.raises(NotPossible):
            delivering.begin(part, cora)


def test_each_fetching_is_in_the_trail(part: ExportPart, cora: User) -> None:
    delivering.begin(part, cora)
    row = AuditEntry.objects.get(action="transcripts.export.fetch")
    assert row.after is not None
    assert (row.actor_id, row.after["part"], row.after["sha256"]) == (cora.pk, 1, part.sha256)


async def test_pieces_leave_beside_the_event_loop() -> None:
    counted = Counted(iter([b"one", b"two"]))
    assert [piece async for piece in counted] == [b"one", b"two"]
