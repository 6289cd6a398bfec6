"""Bytes that are really gone: every version, looked for afterwards; what is locked keeps its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from chatdesk.actions.files.storing import place_of, sweep_erased
from chatdesk.actions.files.vanishing import StillThere, is_there, vanish
from chatdesk.models import Conversation, Entry, File
from tests.factories import Cast
from tests.services.s3 import KEY, REGION, S3, SECRET
from tests.transcripts.retention.stage import MARKER, after, make_full, policy, step
from transcripts.actions.destroying.ending import destroy
from transcripts.models import Disposition, Tombstone

BUCKET = "versions"


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with S3() as server:
        server.client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
        yield server


@pytest.fixture
def bucket(server: S3, settings: Settings) -> Any:
    """The desk's storage: a bucket that keeps every version, as locks need it."""
    options = {"bucket_name": BUCKET, "endpoint_url": server.url, "file_overwrite": False, "location": "desk"}
    login = {"access_key": KEY, "secret_key": SECRET, "region_name": REGION}
    shop = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | login}
    settings.STORAGES = {**settings.STORAGES, "default": shop}
    return server.client


def versions(client: Any) -> list[str]:
    """Everything that the bucket still has, with the marks of deletions."""
    found = client.list_object_versions(Bucket=BUCKET)
    return [each["Key"] for kind in ("Versions", "DeleteMarkers") for each in found.get(kind, [])]


def content(client: Any) -> bytes:
    rows = client.list_object_versions(Bucket=BUCKET).get("Versions", [])
    each = [client.get_object(Bucket=BUCKET, Key=row["Key"], VersionId=row["VersionId"]) for row in rows]
    return b"".join(one["Body"].read() for one in each)


def test_files_of_a_folder(db: None) -> None:
    default_storage.save("files/xx/one", ContentFile(b"a"))
    assert is_there("files/xx/one")
    assert vanish("files/xx/one").versions == 1
    assert vanish("files/xx/one").versions == 0
    assert not is_there("files/xx/one")


def test_a_storage_that_only_says_so_is_not_believed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    default_storage.save("files/xx/two", ContentFile(b"a"))
    with monkeypatch.context() as moment:
        moment.setattr("django.core.files.storage.FileSystemStorage.delete", lambda self, name: None)
        with pytest.raises(StillThere):
            vanish("files/xx/two")
    vanish("files/xx/two")


def test_every_version_and_every_mark(bucket: Any) -> None:
    """A plain delete would put a mark on top and answer that all is well."""
    name = "files/xx/three"
    for body in (b"first", b"second"):
        bucket.put_object(Bucket=BUCKET, Key=f"desk/{name}", Body=body)
    default_storage.delete(name)
    bucket.put_object(Bucket=BUCKET, Key=f"desk/{name}-neighbour", Body=b"another's")
    assert versions(bucket).count(f"desk/{name}") == 3
    assert is_there(name)
    assert vanish(name).versions == 3
    assert not is_there(name)
    assert [key for key in versions(bucket) if "/xx/" in key] == [f"desk/{name}-neighbour"]
    vanish(f"{name}-neighbour")


def test_p6_after_destruction_no_version_holds_a_word(cast: Cast, bucket: Any) -> None:
    chat = make_full(cast, files=2)
    for key in chat.files.values_list("key", flat=True):  # somebody overwrote one: an older version is there too
        bucket.put_object(Bucket=BUCKET, Key=f"desk/{place_of(key)}", Body=MARKER.encode())
    assert content(bucket).count(MARKER.encode()) == 4
    policy(delete_days=1)
    step(0)
    step(31)
    assert not Conversation.objects.exists()
    assert MARKER.encode() not in content(bucket)
    assert [key for key in versions(bucket) if "/files/" in key] == []
    assert [each["versions"] for each in Tombstone.objects.get().facts["objects"]] == [2, 2]
    assert any("/tombstones/" in key for key in versions(bucket))


def test_what_is_locked_keeps_its_rows_and_is_tried_again(cast: Cast, bucket: Any) -> None:
    """Never a row gone and its file left: the conversation stays whole, out of sight, until the lock is over."""
    chat = make_full(cast)
    key = f"desk/{place_of(chat.files.get().key)}"
    bucket.put_object_legal_hold(Bucket=BUCKET, Key=key, LegalHold={"Status": "ON"})
    policy(delete_days=1)
    step(0)
    found = Disposition.objects.get()
    assert destroy(found.pk, after(31)) == Disposition.State.PENDING
    found.refresh_from_db()
    assert found.tries == 1
    assert found.error
    assert found.destroy_at > after(31)
    assert Entry.objects.filter(conversation=chat).count() == 4
    assert not Tombstone.objects.exists()
    bucket.put_object_legal_hold(Bucket=BUCKET, Key=key, LegalHold={"Status": "OFF"})
    assert destroy(found.pk, after(32)) == Disposition.State.DESTROYED
    assert key not in versions(bucket)


def test_a_visitor_s_deletion_leaves_no_version_either(cast: Cast, bucket: Any) -> None:
    chat = make_full(cast)
    File.objects.filter(conversation=chat).update(state=File.State.ERASING)
    assert sweep_erased() == 1
    assert [key for key in versions(bucket) if "/files/" in key] == []


def test_the_tries_grow_further_apart(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(name: str) -> None:
        raise ConnectionRefusedError

    make_full(cast)
    policy(delete_days=1)
    step(0)
    found = Disposition.objects.get()
    monkeypatch.setattr("transcripts.actions.destroying.places.vanish", away)
    gaps, now = [], datetime.now(UTC) + timedelta(days=31)
    for _try in range(12):
        assert destroy(found.pk, now) == Disposition.State.PENDING
        found.refresh_from_db()
        gaps.append(found.destroy_at - now)
        now = found.destroy_at
    assert gaps[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert gaps[-1] == timedelta(days=1)
