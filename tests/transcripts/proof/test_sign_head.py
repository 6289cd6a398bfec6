"""Signed heads: when, over what, with which key, and what is not signed (C-06, C-07)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.emptying import around, emptying_refused
from transcripts.actions import heads, logbook, logproofs, posting, signing
from transcripts.actions.heads import LogBroken
from transcripts.models import HeadPost, LogHead, LogKey, LogLeaf, LogSettings
from transcripts.proof.heads import is_genuine, read_head
from transcripts.proof.keys import leads_to
from transcripts.verify.check import check_file
from transcripts.verify.trust import Trust

pytestmark = pytest.mark.django_db


def close(number: int) -> LogLeaf:
    head = f"{number:064x}"
    return logbook.append("conversation.closed", {"conversation": f"ref{number}", "count": number, "head": head})


def by_force(statement: str) -> None:
    """As somebody with the database's own password, who lifts the guard first."""
    with connection.cursor() as cursor:
        for each in around([statement]):
            cursor.execute(each)


def test_a_head_is_signed_when_the_log_has_grown_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heads.sign_due() == 0
    close(1)
    assert [heads.sign_due(), heads.sign_due()] == [1, 0]
    close(2)
    assert heads.sign_due() == 0  # five minutes are not over
    now = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert [heads.sign_due(), heads.sign_due()] == [1, 0]
    assert list(LogHead.objects.order_by("pk").values_list("size", flat=True)) == [1, 2]


def test_a_desk_at_rest_signs_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    close(1)
    heads.sign()
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert [heads.sign_due(), heads.sign_due()] == [1, 0]


def test_a_head_is_over_the_log_and_signed_with_the_key_that_is_shown() -> None:
    for number in range(5):
        close(number)
    row = heads.sign()
    found = read_head(row.data)
    assert (found.head.size, found.head.root) == (5, heads.root_of(5))
    assert is_genuine(found, signing.public_keys())
    assert LogKey.objects.get().key == found.head.key


def test_the_private_half_is_kept_sealed() -> None:
    name, private = signing.private_key()
    row = LogKey.objects.get(key=name)
    assert row.sealed
    assert private.hex() not in row.sealed
    assert signing.private_key() == (name, private)


def test_a_changed_key_is_vouched_for_by_the_one_before(ada: User) -> None:
    first, old = signing.private_key()
    second = signing.change_key(ada)
    assert signing.private_key()[0] == second != first
    assert leads_to(first, second, signing.public_keys())
    assert not leads_to(second, first, signing.public_keys())
    assert LogKey.objects.get(key=first).sealed == ""  # who steals it later signs nothing with it
    assert AuditEntry.objects.filter(after__key=second, actor_id=ada.pk).exists()
    assert signing.private_key()[1] != old


def test_a_key_that_can_not_be_unsealed_is_followed_by_one_that_nobody_vouches_for() -> None:
    first, _ = signing.private_key()
    with override_settings(SECRET_KEY="another" * 9):
        second, _ = signing.private_key()
    assert second != first
    assert not leads_to(first, second, signing.public_keys())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE transcripts_logleaf SET data = replace(data, 'ref1', 'refX') WHERE index = 1", "entry 1 was changed"),
        ("DELETE FROM transcripts_logleaf WHERE index = 2", "entry 2 is missing"),
        ("DELETE FROM transcripts_logleaf WHERE index = 3", "entry 3 is missing"),
        ("UPDATE transcripts_logleaf SET hash = repeat('0', 64) WHERE index = 0", "not those that were signed"),
        ("UPDATE transcripts_logstate SET size = 0", "the log has 0 entries and had 1"),
    ],
)
def test_c06_c07_a_log_that_was_changed_is_not_signed(statement: str, said: str) -> None:
    close(0)
    heads.sign()
    for number in (1, 2, 3):
        close(number)
    quoted = '"index"'
    text = statement.replace(" index ", f" {quoted} ")
    by_force(text if connection.vendor == "postgresql" else text.replace("repeat('0', 64)", f"'{'0' * 64}'"))
    with pytest.raises(LogBroken, match=said):
        heads.sign()
    assert LogHead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE transcripts_loghead SET size = 9", "DELETE FROM transcripts_loghead"])
def test_the_database_refuses_to_change_a_head(statement: str) -> None:
    close(1)
    heads.sign()
    with emptying_refused(), pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LogHead.objects.get().size == 1


def test_a_head_goes_into_the_storage_and_to_the_outside_address(mailoutbox: list[EmailMessage]) -> None:
    LogSettings.objects.create(pk=1, outside_address="auditor@outside.example")
    close(1)
    row = heads.sign()
    assert posting.post_due() == 2
    assert posting.post_due() == 0
    place = HeadPost.objects.get(way="storage").receipt
    with default_storage.open(place) as file:
        assert read_head(file.read()).head.size == 1
    (mail,) = mailoutbox
    assert mail.to == ["auditor@outside.example"]
    assert row.data in mail.body
    assert "1" in mail.subject
    default_storage.delete(place)


def test_a_mail_that_is_not_taken_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    LogSettings.objects.create(pk=1, outside_address="auditor@outside.example")
    monkeypatch.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(OSError("no route")))
    close(1)
    row = heads.sign()
    assert posting.post_due() == 1  # the storage took it
    post = HeadPost.objects.get(way="mail")
    assert (post.done_at, post.tries, post.trouble) == (None, 1, "the mail was not taken")
    monkeypatch.undo()
    assert posting.again(row) == 1
    assert posting.post_due() == 1
    default_storage.delete(HeadPost.objects.get(way="storage").receipt)


def test_without_an_outside_address_nothing_is_mailed(mailoutbox: list[EmailMessage]) -> None:
    close(1)
    heads.sign()
    posting.post_due()
    assert mailoutbox == []
    default_storage.delete(HeadPost.objects.get().receipt)


def test_sealing_signs_a_head_over_what_there_is() -> None:
    close(1)
    assert heads.seal().head.head.size == 1
    assert heads.seal().head.head.size == 1
    close(2)
    assert heads.seal().head.head.size == 2
    assert LogHead.objects.count() == 2


def test_an_empty_log_can_be_sealed_too() -> None:
    assert heads.seal().head.head.size == 0


def test_conversations_are_proved_up_to_where_they_are_read() -> None:
    close(1)
    logbook.append("conversation.closed", {"conversation": "again", "count": 4, "head": "44" * 32})
    logbook.append("conversation.closed", {"conversation": "again", "count": 9, "head": "99" * 32})
    head = heads.seal().head.head
    ends = [("again", 6, "66" * 32), ("unknown", 2, "22" * 32), ("ref1", 1, "11" * 32), ("again", 3, "33" * 32)]
    found = logproofs.conversation_proofs(ends[:3], head)
    assert [(each.conversation, each.count) for each in found] == [("again", 6), ("unknown", 2), ("ref1", 1)]
    assert [json.loads(each.leaf)["body"]["count"] if each.leaf else 0 for each in found] == [4, 0, 1]
    assert [each.leaf for each in logproofs.conversation_proofs(ends[3:], head)] == [""]


def test_the_newest_closing_is_found() -> None:
    assert logproofs.leaf_of("ref1") is None
    close(1)
    newest = close(1)
    assert logproofs.leaf_of("ref1") == newest


def test_an_entry_can_be_proved_apart() -> None:
    leaves = [close(number) for number in range(7)]
    raw = logproofs.proof_of(leaves[3])
    report = check_file(raw, Trust())
    assert report.is_whole
    assert leaves[3].data in report.notes[-1]
    assert not check_file(raw.replace(b"ref3", b"ref4"), Trust()).is_whole
    assert not check_file(raw.replace(b'"index":3', b'"index":4'), Trust()).is_whole
    assert not check_file(raw.replace(b'"path"', b'"pa":1,"path"'), Trust()).is_whole
    assert not check_file(b'{"kind":"chatdesk.leaf"}', Trust()).is_whole
