"""The Proof tab: entries, heads, keys, what can be taken away, and what is said when the log was changed."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, User
from tests.emptying import around
from tests.transcripts.browsers import comes_in
from transcripts.actions import heads, logbook
from transcripts.models import HeadPost, LogKey, LogLeaf
from transcripts.proof.canonical import Json
from transcripts.verify.__main__ import BROKEN, WHOLE, main

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cora: User) -> Client:
    return comes_in(cora, reason="Review of May")


def close(number: int) -> LogLeaf:
    body: dict[str, Json] = {"conversation": f"ref{number}", "count": number, "head": f"{number:064x}"}
    return logbook.append("conversation.closed", body)


def download(desk: Client, folder: Path) -> Path:
    answer = desk.get("/transcripts/log/whole/")
    path = folder / "log.zip"
    path.write_bytes(b"".join(answer))
    return path


def test_an_empty_log_says_so(desk: Client) -> None:
    page = desk.get("/transcripts/log/").content.decode()
    assert "Nothing was signed yet" in page
    assert page.count("None yet.") == 3


def test_entries_heads_and_keys_are_shown(desk: Client) -> None:
    for number in range(60):
        close(number)
    logbook.append("hold.created", {"hold": 7, "matched": 3})
    row = heads.sign()
    page = desk.get("/transcripts/log/").content.decode()
    assert "The log is whole" in page
    assert row.root[:16] in page
    assert f"entries, {row.at:%-d %b %Y %H:%M} UTC." in page
    assert LogKey.objects.get().key in page
    assert "ref59" in page
    assert "ref10<" not in page
    assert "ref10<" in desk.get("/transcripts/log/?page=2").content.decode()
    held = desk.get("/transcripts/log/?kind=hold.created").content.decode()
    assert "legal hold placed" in held
    assert "ref59" not in held


def test_a_changed_log_is_said_aloud_and_proves_nothing(desk: Client) -> None:
    close(1)
    heads.sign()
    leaf = close(2)
    with connection.cursor() as cursor:
        for each in around([f"UPDATE transcripts_logleaf SET hash = '{'0' * 64}' WHERE hash = '{leaf.hash}'"]):
            cursor.execute(each)
    assert "entry 1 was changed" in desk.get("/transcripts/log/").content.decode()
    for path in ("/transcripts/log/whole/", "/transcripts/log/0/proof/"):
        assert desk.get(path).status_code == 409


def test_the_proof_of_an_entry_can_be_taken_away_and_checked(desk: Client, tmp_path: Path, cora: User) -> None:
    for number in range(9):
        close(number)
    answer = desk.get("/transcripts/log/4/proof/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="entry-4.json"'
    (tmp_path / "entry-4.json").write_bytes(answer.content)
    assert main([str(tmp_path / "entry-4.json"), "--key", LogKey.objects.get().key]) == WHOLE
    assert AuditEntry.objects.get(action="transcripts.log.proof").actor_id == cora.pk
    assert desk.get("/transcripts/log/9/proof/").status_code == 404


def test_the_whole_log_can_be_taken_away_and_checked(desk: Client, tmp_path: Path) -> None:
    heads.sign()  # over nothing
    for number in range(9):
        close(number)
        if number % 4 == 0:
            heads.sign()
    path = download(desk, tmp_path)
    assert main([str(path)]) == WHOLE
    assert AuditEntry.objects.filter(action="transcripts.log.download", after__entries=9).exists()


def test_c07_a_head_that_was_kept_outside_shows_that_the_log_was_written_anew(
    desk: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever has the database and the key can write another log; not one that a kept head fits."""
    for number in range(5):
        close(number)
    kept, long = tmp_path / "kept.json", tmp_path / "long.json"
    row = heads.sign()
    kept.write_bytes(desk.get(f"/transcripts/log/heads/{row.pk}/").content)
    for number in range(5, 8):
        close(number)
    long.write_text(heads.sign().data)
    assert main([str(download(desk, tmp_path)), "--head", str(kept)]) == WHOLE

    with connection.cursor() as cursor:
        tables = ("transcripts_headpost", "transcripts_loghead", "transcripts_logleaf", "transcripts_lognode")
        for each in around([f"DELETE FROM {table}" for table in (*tables, "transcripts_logstate")]):
            cursor.execute(each)
    for number in (0, 1, 3, 4, 5, 6):  # without the conversation that somebody wants gone
        close(number)
    path = download(desk, tmp_path)
    assert main([str(path)]) == WHOLE  # by itself it looks well
    capsys.readouterr()
    assert main([str(path), "--head", str(kept)]) == BROKEN
    assert "is not over these entries" in capsys.readouterr().out
    assert main([str(path), "--head", str(long)]) == BROKEN
    assert "the log was longer once" in capsys.readouterr().out


def test_a_key_can_be_changed_here(desk: Client) -> None:
    close(1)
    first = heads.sign().key
    assert desk.post("/transcripts/log/key/").status_code == 302
    newest = LogKey.objects.order_by("-pk")[0]
    page = desk.get("/transcripts/log/").content.decode()
    assert newest.key != first
    assert {first, newest.key} <= set(page.replace("<", ">").split(">"))
    assert "no: the key before was lost" not in page
    assert heads.sign().key == newest.key


def test_after_a_change_the_old_key_still_leads_to_what_is_signed(desk: Client, tmp_path: Path) -> None:
    close(1)
    first = heads.sign().key
    desk.post("/transcripts/log/key/")
    path = download(desk, tmp_path)
    assert main([str(path), "--key", first]) == WHOLE
    assert main([str(path), "--key", "0" * 32]) == BROKEN


def test_a_head_that_did_not_go_out_can_be_tried_again(desk: Client) -> None:
    close(1)
    row = heads.sign()
    HeadPost.objects.update(tries=5, trouble="TimeoutError")
    assert "not arrived" in desk.get("/transcripts/log/").content.decode()
    assert desk.post(f"/transcripts/log/heads/{row.pk}/again/").status_code == 302
    assert HeadPost.objects.get().tries == 0


def test_the_file_of_a_head_is_what_was_signed(desk: Client) -> None:
    close(1)
    row = heads.sign()
    answer = desk.get(f"/transcripts/log/heads/{row.pk}/")
    assert json.loads(BytesIO(answer.content).read())["head"]["size"] == 1
    assert desk.get("/transcripts/log/heads/999/").status_code == 404
