"""A lock that would be over before the policy is made longer; never shorter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Conversation
from tests.factories import Cast
from tests.services.s3 import S3
from tests.transcripts.locking.stage import ended, locked, switch_on
from tests.transcripts.retention.stage import policy
from transcripts.actions.locking import lengthening
from transcripts.actions.locking.keeping import keep_due
from transcripts.actions.locking.lengthening import lengthen_due
from transcripts.models import Bucket, LockedCopy


def until_in_the_storage(server: S3, bucket: Bucket, copy: LockedCopy) -> object:
    head = server.client.head_object(Bucket=bucket.bucket, Key=bucket.key_of(copy.name), VersionId=copy.version)
    return head["ObjectLockRetainUntilDate"]


def test_a_longer_policy_makes_the_lock_longer(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket, days=20)
    copy = locked(cast)
    assert lengthen_due() == 0
    policy(keep_days=700)
    assert lengthen_due() == 0  # looked at today already
    LockedCopy.objects.update(looked_at=timezone.now() - timedelta(days=2))
    assert lengthen_due() == 1
    before = copy.until
    copy.refresh_from_db()
    closed = Conversation.objects.get().closed_at
    assert closed is not None
    assert before is not None
    assert copy.until == (closed + timedelta(days=700)).replace(microsecond=0)
    assert copy.until > before
    assert until_in_the_storage(server, bucket, copy) == copy.until
    assert lengthen_due() == 0


def test_a_shorter_policy_changes_nothing(cast: Cast, server: S3, bucket: Bucket) -> None:
    policy(keep_days=25)
    switch_on(bucket, days=20)
    copy = locked(cast)
    assert copy.until == until_in_the_storage(server, bucket, copy)
    assert lengthen_due() == 0
    copy.refresh_from_db()
    assert copy.until == until_in_the_storage(server, bucket, copy)
    assert copy.looked_at is not None


def test_one_whose_lock_holds_long_is_not_looked_at(cast: Cast) -> None:
    switch_on(days=31)
    copy = locked(cast)
    policy(keep_days=700)
    assert lengthen_due() == 0
    copy.refresh_from_db()
    assert copy.looked_at is None


def test_in_a_folder_the_row_says_so(cast: Cast) -> None:
    switch_on(days=5)
    copy = locked(cast)
    policy(keep_days=50_000)
    assert lengthen_due() == 1
    copy.refresh_from_db()
    assert copy.until is not None
    assert copy.until.year == timezone.now().year + 100


def test_while_the_storage_is_away_it_is_tried_again_tomorrow(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket, days=20)
    copy = locked(cast)
    policy(keep_days=700)
    endpoint = bucket.endpoint
    Bucket.objects.update(endpoint="http://127.0.0.1:9")
    assert lengthen_due() == 0
    copy.refresh_from_db()
    assert copy.trouble == "silent"
    Bucket.objects.update(endpoint=endpoint)
    assert lengthen_due() == 0
    LockedCopy.objects.update(looked_at=timezone.now() - timedelta(days=2))
    assert lengthen_due() == 1


def test_so_many_at_once_and_the_others_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on(days=5)
    for number in range(4):
        ended(cast, str(number), guest=[cast.vera, cast.walt, cast.vera, cast.walt][number])
    assert keep_due() == 4
    monkeypatch.setattr(lengthening, "AT_ONCE", 3)
    assert lengthen_due() == 0
    assert LockedCopy.objects.filter(looked_at=None).count() == 1
    assert lengthen_due() == 0
    assert not LockedCopy.objects.filter(looked_at=None).exists()
