"""The end of a conversation makes its locked copies unreadable at once; their bytes go when the lock lets them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.sealing import unseal
from chatdesk.models import Conversation
from tests.accounts.people import signed_in
from tests.factories import Cast, make_compliance
from tests.services.s3 import S3
from tests.transcripts.locking.stage import again_at_once, bytes_of, ended, locked, rows_of, switch_on
from tests.transcripts.retention.stage import after, age, policy, step
from transcripts.actions.destroying import tombstones
from transcripts.actions.destroying.certificates import certificate
from transcripts.actions.destroying.replaying import replay
from transcripts.actions.locking import places
from transcripts.actions.locking.holding import follow
from transcripts.actions.locking.keeping import keep_due
from transcripts.actions.locking.removing import remove_due
from transcripts.models import Bucket, DataKey, HoldMatch, LegalHold, LockedCopy, LogLeaf, Matter, Tombstone
from transcripts.proof.commitment import decoded
from transcripts.proof.locked import Forged, NotLocked, read_header, unlocked

State = LockedCopy.State


@pytest.fixture(autouse=True)
def no_tombstones(db: None) -> None:
    shutil.rmtree(places.folder(), ignore_errors=True)


def destroyed(days: float = 31) -> None:
    """Put away, and destroyed a month later."""
    age(Conversation.objects.get(), 400)
    policy(delete_days=1)
    step(0)
    step(days)
    assert not Conversation.objects.exists()


def time_passes(**delta: float) -> None:
    LockedCopy.objects.update(until=timezone.now() - timedelta(**delta))


def everything_in_the_database() -> Iterable[str]:
    """Each value of each row of each table, as text."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            yield from (str(value) for row in cursor.fetchall() for value in row)


def keys_in_the_database() -> set[bytes]:
    """Whatever could be a key: 32 bytes in any spelling, sealed or plain."""
    found = set()
    for text in everything_in_the_database():
        for candidate in (text, unseal(text) if text.startswith("gAAAA") else ""):
            for read in (bytes.fromhex, decoded):
                try:
                    raw = read(candidate)
                except ValueError:
                    continue
                found |= {raw} if len(raw) == 32 else set()
    return found


def opens(data: bytes, keys: Iterable[bytes], tmp_path: Path) -> bool:
    place = tmp_path / "copy"
    place.write_bytes(data)
    for key in keys:
        with place.open("rb") as file:
            try:
                b"".join(unlocked(file, read_header(file), key))
            except (Forged, NotLocked):
                continue
            return True
    return False


def test_nothing_that_is_left_in_the_database_opens_the_copy(
    cast: Cast, server: S3, bucket: Bucket, tmp_path: Path
) -> None:
    switch_on(bucket)
    copy = locked(cast)
    [data] = bytes_of(server, bucket.bucket).values()
    assert opens(data, keys_in_the_database(), tmp_path)
    destroyed()
    assert bytes_of(server, bucket.bucket) == {(bucket.key_of(copy.name), copy.version): data}
    assert not opens(data, keys_in_the_database(), tmp_path)
    copy.refresh_from_db()
    assert (copy.state, copy.conversation) == (State.SHREDDED, None)
    assert not DataKey.objects.exists()
    with pytest.raises(CommandError, match="unreadable"):
        call_command("open_locked", copy.ref, out=tmp_path / "o.zip", reason="late")


def test_the_tombstone_and_the_certificate_say_until_when(cast: Cast) -> None:
    switch_on()
    copy = locked(cast)
    assert copy.until is not None
    destroyed()
    until = copy.until.isoformat().replace("+00:00", "Z")
    stone = Tombstone.objects.get()
    assert stone.facts["locked"] == {"copies": 1, "until": until}
    assert f'"until":"{until}"' in LogLeaf.objects.get(kind="conversation.destroyed").data
    [row] = csv.DictReader("".join(certificate([stone])).splitlines())
    assert (row["locked_copies"], row["locked_until"]) == ("1", until)


def test_the_page_of_what_was_destroyed_says_so_too(cast: Cast) -> None:
    browser = signed_in(make_compliance())
    browser.post("/transcripts/purpose/", {"reason": "a test of the page", "next": "/transcripts/"})
    switch_on()
    copy = locked(cast)
    other = ended(cast, guest=cast.walt)
    LockedCopy.objects.filter(conversation=other).delete()
    policy(delete_days=1)
    for chat in Conversation.objects.all():
        age(chat, 400)
    step(0)
    step(31)
    told = browser.get(f"/transcripts/conversations/{copy.ref}/")
    assert told.status_code == 410
    assert f"stay in the storage until {copy.until and copy.until.day} " in told.content.decode()
    assert "stay in the storage" not in browser.get(f"/transcripts/conversations/{other.ref}/").content.decode()


def test_without_copies_nothing_is_said(cast: Cast) -> None:
    ended(cast)
    destroyed()
    assert "locked" not in Tombstone.objects.get().facts
    assert ",," in list(certificate([Tombstone.objects.get()]))[1]


def test_its_bytes_go_when_the_lock_lets_go_and_not_before(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast)
    destroyed()
    assert remove_due() == 0
    time_passes(seconds=1)  # the desk thinks so; the storage does not
    assert remove_due() == 0
    copy.refresh_from_db()
    assert (copy.state, copy.trouble) == (State.SHREDDED, "refused")
    assert len(rows_of(server, bucket.bucket)) == 1
    assert copy.due_at > timezone.now() + timedelta(hours=23)


def test_all_versions_go_and_that_is_looked_at(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket, mode="GOVERNANCE")
    copy = locked(cast)
    key = bucket.key_of(copy.name)
    destroyed()
    server.client.put_object(Bucket=bucket.bucket, Key=key, Body=b"left by a worker that was killed")
    server.client.delete_object(Bucket=bucket.bucket, Key=key)
    server.client.put_object(Bucket=bucket.bucket, Key=f"{key}.other", Body=b"not ours")
    lift(server, bucket, copy)
    time_passes(seconds=1)
    assert remove_due() == 1
    copy.refresh_from_db()
    assert copy.state == State.GONE
    assert [name for name, _version in rows_of(server, bucket.bucket)] == [f"{key}.other"]
    assert remove_due() == 0


def lift(server: S3, bucket: Bucket, copy: LockedCopy) -> None:
    """As if the time had passed in the storage as well."""
    until = timezone.now() + timedelta(seconds=-5)
    retention = {"Mode": "GOVERNANCE", "RetainUntilDate": until}
    server.client.put_object_retention(
        Bucket=bucket.bucket,
        Key=bucket.key_of(copy.name),
        VersionId=copy.version,
        Retention=retention,
        BypassGovernanceRetention=True,
    )


def test_a_storage_that_only_says_so_is_not_believed(
    cast: Cast, server: S3, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(bucket)
    copy = locked(cast)
    destroyed()
    time_passes(seconds=1)
    lying: Any = type("Lying", (), {"delete_object": lambda self, **facts: {}})()
    real = server.client
    lying.get_paginator = real.get_paginator
    monkeypatch.setattr("transcripts.actions.buckets.versions.client_of", lambda bucket: lying)
    assert remove_due() == 0
    copy.refresh_from_db()
    assert (copy.state, copy.trouble) == (State.SHREDDED, "locked")


def test_in_a_folder_they_go_then_too(cast: Cast) -> None:
    switch_on()
    copy = locked(cast)
    destroyed()
    assert (places.folder() / copy.name).exists()
    assert remove_due() == 0
    time_passes(seconds=1)
    assert remove_due() == 1
    assert not (places.folder() / copy.name).exists()
    copy.refresh_from_db()
    assert copy.state == State.GONE


def test_destroyed_before_it_was_copied_nothing_is_copied(cast: Cast) -> None:
    switch_on()
    ended(cast)
    destroyed()
    assert keep_due() == 0 or LockedCopy.objects.get().state == State.GONE
    again_at_once()
    keep_due()
    copy = LockedCopy.objects.get()
    assert copy.state in (State.GONE, State.WAITING)
    assert not places.folder().exists()


def test_destroyed_while_it_was_being_put(cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    switch_on()
    ended(cast)
    put = places.InFolder.put

    def meanwhile(self: places.InFolder, *args: Any) -> None:
        put(self, *args)
        destroyed()

    monkeypatch.setattr(places.InFolder, "put", meanwhile)
    assert keep_due() == 1
    copy = LockedCopy.objects.get()
    assert (copy.state, copy.conversation) == (State.SHREDDED, None)
    assert not opens((places.folder() / copy.name).read_bytes(), keys_in_the_database(), tmp_path)


def test_c08_a_restored_database_loses_its_key_again(cast: Cast, tmp_path: Path) -> None:
    """The backup had the key: `replay_destructions` takes it away."""
    for name in tombstones.stored():
        default_storage.delete(name)
    switch_on()
    copy = locked(cast)
    key = DataKey.objects.get()
    ref, sealed = copy.ref, key.sealed
    destroyed()
    Tombstone.objects.all().delete()
    restored = ended(cast, guest=cast.walt)
    LockedCopy.objects.filter(conversation=restored).delete()
    Conversation.objects.filter(pk=restored.pk).update(ref=ref)
    DataKey.objects.create(conversation=restored, name=copy.key, sealed=sealed)
    LockedCopy.objects.update(state=State.KEPT, conversation=restored)
    data = (places.folder() / copy.name).read_bytes()
    assert opens(data, keys_in_the_database(), tmp_path)
    assert replay(after(0)).destroyed == [ref]
    assert not opens(data, keys_in_the_database(), tmp_path)
    copy.refresh_from_db()
    assert copy.state == State.SHREDDED


# --- legal holds ---


def hold(copy: LockedCopy, by: User) -> LegalHold:
    matter = Matter.objects.create(number=f"M-{copy.pk}", name="Smith", created_by=by)
    made = LegalHold.objects.create(matter=matter, name="all", reason="a suit", scopes=[], created_by=by)
    HoldMatch.objects.create(hold=made, conversation=Conversation.objects.get(ref=copy.ref), scope=0)
    return made


def status(server: S3, bucket: Bucket, copy: LockedCopy) -> str:
    head = server.client.head_object(Bucket=bucket.bucket, Key=bucket.key_of(copy.name), VersionId=copy.version)
    return str(head.get("ObjectLockLegalHoldStatus", "OFF"))


def test_a_legal_hold_is_told_to_the_storage_and_taken_back(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast)
    assert status(server, bucket, copy) == "OFF"
    made = hold(copy, make_compliance())
    assert follow() == 1
    assert status(server, bucket, copy) == "ON"
    assert follow() == 0
    copy.refresh_from_db()
    assert copy.is_held
    LegalHold.objects.filter(pk=made.pk).update(released_at=timezone.now())
    assert follow() == 1
    assert status(server, bucket, copy) == "OFF"
    assert follow() == 0


def test_what_is_held_already_is_held_from_its_first_moment(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    ended(cast)
    hold(LockedCopy.objects.get(), make_compliance())
    assert keep_due() == 1
    copy = LockedCopy.objects.get()
    assert copy.is_held
    assert status(server, bucket, copy) == "ON"
    assert follow() == 0


def test_one_of_two_holds_is_released(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy, cora = locked(cast), make_compliance()
    first = hold(copy, cora)
    second = LegalHold.objects.create(matter=first.matter, name="more", reason="a suit", scopes=[], created_by=cora)
    HoldMatch.objects.create(hold=second, conversation_id=copy.conversation_id or 0, scope=0)
    assert follow() == 1
    LegalHold.objects.filter(pk=first.pk).update(released_at=timezone.now())
    assert follow() == 0
    assert status(server, bucket, copy) == "ON"


def test_a_hold_that_the_storage_did_not_hear_of_is_told_again(
    cast: Cast, server: S3, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(bucket)
    copy = locked(cast)
    hold(copy, make_compliance())
    endpoint = bucket.endpoint
    Bucket.objects.update(endpoint="http://127.0.0.1:9")
    assert follow() == 0
    copy.refresh_from_db()
    assert (copy.is_held, copy.trouble) == (False, "silent")
    Bucket.objects.update(endpoint=endpoint)
    assert follow() == 0
    again_at_once()
    assert follow() == 1
    copy.refresh_from_db()
    assert (copy.is_held, copy.trouble) == (True, "")


def test_every_version_is_held(cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast)
    key = bucket.key_of(copy.name)
    other = server.client.put_object(Bucket=bucket.bucket, Key=key, Body=b"by a worker that was killed")["VersionId"]
    hold(copy, make_compliance())
    follow()
    for version in (copy.version, other):
        head = server.client.head_object(Bucket=bucket.bucket, Key=key, VersionId=version)
        assert head["ObjectLockLegalHoldStatus"] == "ON"


def test_in_a_folder_a_hold_is_noted(cast: Cast) -> None:
    switch_on()
    copy = locked(cast)
    hold(copy, make_compliance())
    assert follow() == 1
    copy.refresh_from_db()
    assert copy.is_held
    assert (places.folder() / copy.name).exists()
