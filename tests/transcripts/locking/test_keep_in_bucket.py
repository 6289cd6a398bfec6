"""Locked copies in a bucket with Object Lock: what the storage promises, what it refuses, and what it says of it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from django.core.management import call_command
from django.utils import timezone

from tests.factories import Cast
from tests.services.s3 import S3
from tests.transcripts.locking.stage import (
    MARKER,
    PLAIN,
    again_at_once,
    bytes_of,
    ended,
    locked,
    make_bucket,
    rows_of,
    switch_on,
)
from transcripts.actions.locking import keeping, places
from transcripts.actions.locking.keeping import keep_due
from transcripts.models import Bucket, DataKey, LockedCopy, LockMode
from transcripts.verify.__main__ import WHOLE, main

pytestmark = pytest.mark.once
State = LockedCopy.State


def the_copy() -> LockedCopy:
    return LockedCopy.objects.get()


def deleted(server: S3, bucket: Bucket, copy: LockedCopy, **facts: Any) -> str:
    """Somebody with the bucket's own credentials tries: how that ends."""
    key = bucket.key_of(copy.name)
    try:
        server.client.delete_object(Bucket=bucket.bucket, Key=key, VersionId=copy.version, **facts)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "deleted"


def test_put_with_its_lock_and_found_by_its_version(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast)
    assert rows_of(server, bucket.bucket) == [(bucket.key_of(copy.name), copy.version)]
    assert copy.version
    head = server.client.head_object(Bucket=bucket.bucket, Key=bucket.key_of(copy.name), VersionId=copy.version)
    assert head["ObjectLockMode"] == copy.mode == "COMPLIANCE"
    assert head["ObjectLockRetainUntilDate"] == copy.until
    assert copy.conversation is not None
    assert copy.conversation.closed_at is not None
    assert copy.until == (copy.conversation.closed_at.astimezone(UTC) + timedelta(days=30)).replace(microsecond=0)
    assert head["ContentLength"] == copy.size


def test_no_word_of_it_is_in_the_bucket(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast, files=1, note=f"{MARKER} note")
    stored = b"".join(bytes_of(server, bucket.bucket).values())
    assert len(stored) == copy.size
    assert MARKER.encode() not in stored
    assert b"%PDF" not in stored
    key = DataKey.objects.get()
    assert key.sealed.encode() not in stored
    assert copy.ref not in bucket.key_of(copy.name)


def test_the_same_comes_back(cast: Cast, bucket: Bucket, tmp_path: Path) -> None:
    switch_on(bucket)
    copy = locked(cast, files=1)
    call_command("open_locked", copy.ref, out=tmp_path / "o.zip", reason="a test", stdout=StringIO())
    assert main([str(tmp_path / "o.zip")]) == WHOLE
    assert MARKER in zipfile.ZipFile(tmp_path / "o.zip").read("records/records.jsonl").decode()


def test_nobody_deletes_it_before_its_time(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast)
    assert deleted(server, bucket, copy) == "AccessDenied"
    assert deleted(server, bucket, copy, BypassGovernanceRetention=True) == "AccessDenied"
    assert len(rows_of(server, bucket.bucket)) == 1


def test_governance_lets_those_delete_who_have_the_right(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket, mode=LockMode.GOVERNANCE)
    copy = locked(cast)
    assert copy.mode == "GOVERNANCE"
    assert deleted(server, bucket, copy) == "AccessDenied"
    assert deleted(server, bucket, copy, BypassGovernanceRetention=True) == "deleted"


def test_a_mark_of_deletion_on_top_hides_nothing(cast: Cast, server: S3, bucket: Bucket, tmp_path: Path) -> None:
    """A plain delete answers that all is well; our version is still there and is the one that we read."""
    switch_on(bucket)
    copy = locked(cast)
    key = bucket.key_of(copy.name)
    server.client.delete_object(Bucket=bucket.bucket, Key=key)
    server.client.put_object(Bucket=bucket.bucket, Key=key, Body=b"somebody else's")
    call_command("open_locked", copy.ref, out=tmp_path / "o.zip", reason="a test", stdout=StringIO())
    assert main([str(tmp_path / "o.zip")]) == WHOLE


def test_killed_between_put_and_row_the_next_run_finds_it(
    cast: Cast, server: S3, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(bucket)
    ended(cast)

    def killed(*args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as moment:
        moment.setattr(keeping, "_note", killed)
        with pytest.raises(SystemExit):
            keep_due()
    before = rows_of(server, bucket.bucket)
    assert len(before) == 1
    assert the_copy().state == State.WAITING
    again_at_once()
    assert keep_due() == 1
    assert rows_of(server, bucket.bucket) == before
    assert (the_copy().state, the_copy().version) == (State.KEPT, before[0][1])


def test_killed_after_the_put_and_sent_elsewhere_since(
    cast: Cast, server: S3, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is where the killed worker wrote down that it would be, whatever the settings say by now."""
    switch_on(bucket)
    ended(cast)
    with monkeypatch.context() as moment:
        moment.setattr(keeping, "_note", lambda *args: 1 / 0)
        keep_due()
    switch_on(None)
    again_at_once()
    assert keep_due() == 1
    assert the_copy().bucket == bucket
    assert len(rows_of(server, bucket.bucket)) == 1


def test_while_the_storage_is_away_it_waits_and_says_so(cast: Cast, server: S3, bucket: Bucket) -> None:
    away = make_bucket(server, "away", endpoint="http://127.0.0.1:9")
    switch_on(away)
    ended(cast)
    assert keep_due() == 0
    assert (the_copy().state, the_copy().trouble) == (State.FAILED, "silent")
    switch_on(bucket)  # another one that answers
    again_at_once()
    LockedCopy.objects.update(bucket=None)
    assert keep_due() == 1
    assert (the_copy().bucket, the_copy().trouble) == (bucket, "")


@pytest.mark.parametrize(("name", "code"), [(PLAIN, "no-lock"), ("nowhere-at-all", "no-bucket")])
def test_a_bucket_that_can_t_lock(cast: Cast, server: S3, name: str, code: str) -> None:
    switch_on(make_bucket(server, name))
    ended(cast)
    assert keep_due() == 0
    assert (the_copy().state, the_copy().trouble) == (State.FAILED, code)


@pytest.mark.parametrize(
    "endpoint",
    ["http://169.254.169.254", "http://[fe80::1]:9000", "http://0.0.0.0:80", "http://[::ffff:169.254.169.254]"],
)
def test_x12_where_a_cloud_keeps_its_secrets_nothing_is_asked(cast: Cast, server: S3, endpoint: str) -> None:
    switch_on(make_bucket(server, "anything", endpoint=endpoint))
    ended(cast)
    assert keep_due() == 0
    assert the_copy().trouble == "forbidden-place"


def test_what_arrived_is_compared_with_what_was_sent(
    cast: Cast, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(bucket)
    ended(cast)
    find = places.InBucket.find

    def other(self: places.InBucket, name: str) -> places.Found | None:
        found = find(self, name)
        return found and places.Found(found.key, "0" * 64, found.size, found.version)

    with monkeypatch.context() as moment:
        moment.setattr(places.InBucket, "find", other)
        assert keep_due() == 0
    assert the_copy().trouble == "not-as-sent"


def test_the_log_file_names_no_one(cast: Cast, server: S3, caplog: pytest.LogCaptureFixture) -> None:
    switch_on(make_bucket(server, "nowhere-at-all"))
    ended(cast)
    keep_due()
    assert MARKER not in caplog.text
    assert "tests-secret" not in caplog.text


def test_many_copies_at_once_each_with_its_own_key(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    for number in range(3):
        ended(cast, f"{MARKER} {number}", guest=[cast.vera, cast.walt, cast.vera][number])
    assert keep_due() == 3
    assert len(set(LockedCopy.objects.values_list("key", flat=True))) == 3
    assert len({key for key, _version in rows_of(server, bucket.bucket)}) == 3
    assert timezone.now() > the_oldest().asked_at


def the_oldest() -> LockedCopy:
    return LockedCopy.objects.earliest("asked_at")


def test_a_large_copy_goes_in_pieces_and_is_locked_as_one(
    server: S3, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = TransferConfig(use_threads=False, multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    monkeypatch.setattr(places, "ONE_THREAD", small)
    data = b"x" * (6 << 20)
    facts = places.Found("k" * 32, hashlib.sha256(data).hexdigest(), len(data))
    until = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    place = places.InBucket(bucket)
    place.put("large.locked", io.BytesIO(data), facts, places.Lock("COMPLIANCE", until, is_held=True))
    found = place.find("large.locked")
    assert found is not None
    assert (found.sha256, found.size, found.key) == (facts.sha256, len(data), facts.key)
    assert (found.mode, found.until, found.is_held) == ("COMPLIANCE", until, True)
    with place.read("large.locked", found.version) as body:
        assert body.read() == data
