"""Exports into a bucket: whole, checked, gone on with where they broke off, and never over anything."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.accounts.people import signed_in
from tests.factories import Cast, make_compliance
from tests.services.s3 import S3
from tests.transcripts.exporting.archive import exported, parts, talked
from tests.transcripts.locking.stage import MARKER, make_bucket
from transcripts.actions.buckets import sending
from transcripts.actions.buckets.sending import Parcel, arrived, send
from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.exporting import shipping
from transcripts.actions.exporting.asking import NotPossible, Wanted, ask
from transcripts.actions.exporting.running import run_due
from transcripts.actions.exporting.shipping import again, name_of, ship_due
from transcripts.actions.exporting.tidying import tidy
from transcripts.models import Bucket, Delivery, Export, ExportPart, ExportState, Shipment
from transcripts.verify.__main__ import WHOLE, main

pytestmark = pytest.mark.once
State = Shipment.State
SMALL = 5 << 20  # the least that a piece may have


@pytest.fixture
def cora(db: None) -> User:
    return make_compliance("cora")


@pytest.fixture
def target(server: S3, db: None) -> Bucket:
    """A plain bucket of the test's own, to which exports may go."""
    name = f"exports-{uuid4().hex[:12]}"
    server.client.create_bucket(Bucket=name)
    return make_bucket(server, name, for_exports=True)


@pytest.fixture
def browser(cora: User) -> Client:
    browser = signed_in(cora)
    browser.post("/transcripts/purpose/", {"reason": "a test of deliveries", "next": "/transcripts/"})
    return browser


def sent_off(cast: Cast, by: User, bucket: Bucket, **wanted: Any) -> Export:
    talked(cast, f"{MARKER} for the archive")
    return exported(by, bucket_id=bucket.pk, **wanted)


def later() -> None:
    Shipment.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def content(server: S3, bucket: Bucket, name: str) -> bytes:
    data: bytes = server.client.get_object(Bucket=bucket.bucket, Key=bucket.key_of(name))["Body"].read()
    return data


def keys(server: S3, bucket: Bucket) -> list[str]:
    return [row["Key"] for row in server.client.list_objects_v2(Bucket=bucket.bucket).get("Contents", [])]


def the_shipment() -> Shipment:
    return Shipment.objects.get()


def test_a_finished_volume_is_brought_there(cast: Cast, cora: User, server: S3, target: Bucket, tmp_path: Path) -> None:
    export = sent_off(cast, cora, target)
    assert export.state == ExportState.DONE
    [part] = parts(export)
    assert (the_shipment().state, the_shipment().name) == (State.WAITING, name_of(part))
    assert ship_due() == 1
    data = content(server, target, name_of(part))
    with default_storage.open(part.place, "rb") as file:
        assert data == file.read()
    (tmp_path / "o.zip").write_bytes(data)
    assert main([str(tmp_path / "o.zip")]) == WHOLE
    assert (the_shipment().state, the_shipment().trouble, the_shipment().sent) == (State.THERE, "", part.size)
    assert ship_due() == 0
    entry = AuditEntry.objects.get(action="transcripts.export.deliver")
    assert entry.actor_id == cora.pk
    assert (entry.after or {})["sha256"] == part.sha256


def test_the_storage_has_checked_its_hash(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    ship_due()
    key = target.key_of(name_of(parts(export)[0]))
    head = server.client.head_object(Bucket=target.bucket, Key=key, ChecksumMode="ENABLED")
    assert head["Metadata"] == {"sha256": parts(export)[0].sha256}
    assert len(head["ChecksumSHA256"]) == 44


def test_every_volume_of_several(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    for number in range(3):
        talked(cast, f"number {number}", guest=[cast.vera, cast.walt, cast.vera][number], files=1)
    export = exported(cora, bucket_id=target.pk, volume_bytes=1)
    assert len(parts(export)) == 3
    assert ship_due() == 3
    assert sorted(keys(server, target)) == sorted(target.key_of(name_of(part)) for part in parts(export))


def test_without_a_bucket_nothing_leaves(cast: Cast, cora: User) -> None:
    talked(cast, "Hello")
    assert exported(cora).state == ExportState.DONE
    assert not Delivery.objects.exists()
    assert not Shipment.objects.exists()


def test_nothing_leaves_before_it_is_finished(cast: Cast, cora: User, target: Bucket) -> None:
    talked(cast, "Hello")
    ask(Wanted(bucket_id=target.pk), cora)
    assert Delivery.objects.count() == 1
    assert not Shipment.objects.exists()
    run_due()
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize("facts", [{"for_exports": False}, None])
def test_a_bucket_that_is_not_for_exports(cora: User, server: S3, db: None, facts: dict[str, bool] | None) -> None:
    pk = make_bucket(server, "private", **facts).pk if facts else 4711
    with pytest.raises(NotPossible, match="Choose another"):
        ask(Wanted(bucket_id=pk), cora)
    assert not Export.objects.exists()


def test_what_is_there_already_is_not_written_over(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    key = target.key_of(name_of(parts(export)[0]))
    server.client.put_object(Bucket=target.bucket, Key=key, Body=b"somebody's own")
    assert ship_due() == 0
    assert (the_shipment().state, the_shipment().trouble) == (State.FAILED, "taken")
    assert content(server, target, name_of(parts(export)[0])) == b"somebody's own"
    assert Export.objects.get().state == ExportState.DONE


def test_also_not_what_came_between_looking_and_putting(
    cast: Cast, cora: User, server: S3, target: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The storage itself is asked to refuse it."""
    export = sent_off(cast, cora, target)
    key = target.key_of(name_of(parts(export)[0]))
    server.client.put_object(Bucket=target.bucket, Key=key, Body=b"quicker")
    with monkeypatch.context() as moment:
        moment.setattr(sending, "arrived", lambda parcel: None)
        assert ship_due() == 0
    assert content(server, target, name_of(parts(export)[0])) == b"quicker"
    assert the_shipment().trouble == "taken"


def test_killed_after_the_put_it_is_found_there(
    cast: Cast, cora: User, server: S3, target: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_off(cast, cora, target)

    def killed(*args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as moment:
        moment.setattr(shipping, "_arrived", killed)
        with pytest.raises(KeyboardInterrupt):
            ship_due()
    assert the_shipment().state == State.WAITING
    assert ship_due() == 0  # not before its worker counts as lost
    later()
    assert ship_due() == 1
    assert len(keys(server, target)) == 1
    assert AuditEntry.objects.filter(action="transcripts.export.deliver").count() == 1


def test_while_the_storage_is_away_the_export_is_done(cast: Cast, cora: User, target: Bucket) -> None:
    Bucket.objects.update(endpoint="http://127.0.0.1:9")
    target.refresh_from_db()
    export = sent_off(cast, cora, target)
    assert ship_due() == 0
    assert export.state == ExportState.DONE
    assert (the_shipment().state, the_shipment().trouble, the_shipment().tries) == (State.FAILED, "silent", 1)
    assert the_shipment().due_at > timezone.now() + timedelta(minutes=1)


def test_sent_elsewhere_by_a_changed_bucket_it_does_not_go(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    """Who asked was shown an address: an admin can't turn it to another afterwards."""
    sent_off(cast, cora, target)
    server.client.create_bucket(Bucket=f"{target.bucket}-other")
    Bucket.objects.update(bucket=f"{target.bucket}-other")
    assert ship_due() == 0
    assert the_shipment().trouble == "moved"
    assert server.client.list_objects_v2(Bucket=f"{target.bucket}-other").get("Contents", []) == []
    Bucket.objects.update(bucket=target.bucket, for_exports=False)
    later()
    assert ship_due() == 0
    Bucket.objects.update(for_exports=True)
    later()
    assert ship_due() == 1


def test_a_volume_whose_time_was_over(cast: Cast, cora: User, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    Export.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert tidy() == 1
    assert ship_due() == 0
    assert (the_shipment().state, the_shipment().trouble) == (State.GIVEN_UP, "removed")
    with pytest.raises(NotPossible):
        again(export)


def test_a_volume_that_was_changed_here_is_not_sent(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    place = parts(export)[0].place
    default_storage.delete(place)
    default_storage.save(place, ContentFile(b"another"))
    assert ship_due() == 0
    assert the_shipment().trouble == "changed"
    default_storage.delete(place)
    later()
    assert ship_due() == 0
    assert the_shipment().trouble in ("FileNotFoundError", "silent")
    assert keys(server, target) == []


def test_two_workers_send_once(cast: Cast, cora: User, target: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_off(cast, cora, target)
    claim, other = shipping._claim, []

    def both(shipment: Shipment) -> bool:
        other.append(claim(Shipment.objects.get()))
        return claim(shipment)

    monkeypatch.setattr(shipping, "_claim", both)
    assert ship_due() == 0
    assert other == [True]


# --- in pieces ---


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The smallest pieces that a storage takes, so that a test need not send much."""
    monkeypatch.setattr(sending, "PIECE", SMALL)
    return iter([None])


def parcel_of(target: Bucket, data: bytes) -> Parcel:
    return Parcel(target, f"{uuid4().hex}.zip", len(data), hashlib.sha256(data).hexdigest())


def nothing(upload: str, sent: int) -> None:
    """A worker whom nobody disturbs."""


LARGE = b"".join(bytes([number]) * SMALL for number in (1, 2)) + b"the end"


@pytest.mark.usefixtures("pieces")
def test_a_large_one_goes_in_pieces(server: S3, target: Bucket) -> None:
    parcel, told = parcel_of(target, LARGE), []
    send(parcel, io.BytesIO(LARGE), "", lambda upload, sent: told.append(sent))
    assert told == [SMALL, 2 * SMALL, len(LARGE)]
    assert content(server, target, parcel.name) == LARGE
    assert arrived(parcel) is not None


@pytest.mark.usefixtures("pieces")
def test_broken_off_it_goes_on_where_it_was(server: S3, target: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel, known = parcel_of(target, LARGE), []

    def killed(upload: str, sent: int) -> None:
        known.append(upload)
        if sent > SMALL:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(parcel, io.BytesIO(LARGE), "", killed)
    assert arrived(parcel) is None
    brought = []
    piece = sending._piece

    def counted(parcel: Parcel, upload: str, number: int, data: bytes) -> str:
        brought.append(number)
        return piece(parcel, upload, number, data)

    monkeypatch.setattr(sending, "_piece", counted)
    send(parcel, io.BytesIO(LARGE), "", nothing)  # its worker may not even have noted the upload
    assert brought == [3]
    assert content(server, target, parcel.name) == LARGE
    assert len(set(known)) == 1
    assert "Uploads" not in server.client.list_multipart_uploads(Bucket=target.bucket)


@pytest.mark.usefixtures("pieces")
def test_a_large_one_that_was_changed_is_not_put_together(server: S3, target: Bucket) -> None:
    parcel = parcel_of(target, LARGE)
    with pytest.raises(Trouble, match="changed"):
        send(parcel, io.BytesIO(LARGE[:-1] + b"!"), "", nothing)
    assert arrived(parcel) is None


@pytest.mark.usefixtures("pieces")
def test_a_large_one_is_not_put_over_another(server: S3, target: Bucket) -> None:
    parcel = parcel_of(target, LARGE)
    server.client.put_object(Bucket=target.bucket, Key=target.key_of(parcel.name), Body=b"first")
    with pytest.raises(Trouble, match="taken"):
        send(parcel, io.BytesIO(LARGE), "", nothing)
    assert content(server, target, parcel.name) == b"first"


@pytest.mark.usefixtures("pieces")
def test_given_up_it_leaves_no_pieces(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    shipment = the_shipment()
    parcel = Parcel(target, shipment.name, len(LARGE), hashlib.sha256(LARGE).hexdigest())

    def killed(upload: str, sent: int) -> None:
        Shipment.objects.update(upload=upload)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(parcel, io.BytesIO(LARGE), "", killed)
    ExportPart.objects.filter(export=export).update(state=ExportPart.State.REMOVED)
    ship_due()
    assert "Uploads" not in server.client.list_multipart_uploads(Bucket=target.bucket)
    assert the_shipment().state == State.GIVEN_UP


def test_pieces_grow_with_the_file_so_that_they_are_never_too_many(db: None) -> None:
    for size in (1, sending.PIECE, 10**9, 10**11, 10**13):
        piece = Parcel(Bucket(), "x", size, "").piece
        assert piece >= sending.PIECE
        assert -(-size // piece) <= sending.MOST_PIECES


def test_a_storage_that_does_not_know_the_question_is_sent_to_all_the_same() -> None:
    """Some that speak S3 answer 501 to If-None-Match; that nothing was there was looked at before."""
    asked = []

    def put(**facts: Any) -> None:
        asked.append(sorted(facts))
        if "IfNoneMatch" in facts:
            raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutObject")

    sending._unless_there(put, Key="k")
    assert asked == [["IfNoneMatch", "Key"], ["Key"]]


def test_a_piece_that_is_another_is_sent_again() -> None:
    data, checksum = b"piece", sending._checksum(b"piece")
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert sending._known({"Size": 5, "ETag": f'"{md5}"'}, data, checksum) == f'"{md5}"'
    assert sending._known({"Size": 5, "ETag": '"x"', "ChecksumSHA256": checksum}, data, checksum) == '"x"'
    assert sending._known({"Size": 4, "ETag": f'"{md5}"'}, data, checksum) == ""
    assert sending._known({"Size": 5, "ETag": '"x"', "ChecksumSHA256": "other"}, data, checksum) == ""
    assert sending._known(None, data, checksum) == ""


# --- the pages ---


def form(**facts: Any) -> dict[str, Any]:
    return {"formats": ["jsonl"], "profile": "full", "volume_mb": "100", "query": "", **facts}


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def test_it_is_chosen_where_the_export_is_asked_for(browser: Client, server: S3, target: Bucket) -> None:
    make_bucket(server, "not-for-exports")
    text = page(browser, "/transcripts/exports/")
    assert f"{target.name} ({target.address})" in text
    assert "not-for-exports" not in text
    assert "tests-secret" not in text
    assert browser.post("/transcripts/exports/", form(bucket=target.pk)).status_code == 302
    delivery = Delivery.objects.get()
    assert (delivery.bucket, delivery.address) == (target, target.address)
    text = page(browser, f"/transcripts/exports/{delivery.export.ref}/")
    assert target.address in text


@pytest.mark.parametrize("chosen", ["4711", "x", "-1", "9" * 30, "\x00"])
def test_what_can_t_be_chosen(browser: Client, target: Bucket, chosen: str) -> None:
    assert browser.post("/transcripts/exports/", form(bucket=chosen)).status_code == 422
    assert not Export.objects.exists()


def test_without_buckets_nobody_is_asked(browser: Client) -> None:
    assert "Also into a bucket" not in page(browser, "/transcripts/exports/")
    assert browser.post("/transcripts/exports/", form()).status_code == 302
    assert not Delivery.objects.exists()


def test_the_page_says_what_has_arrived(browser: Client, cast: Cast, cora: User, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    address = f"/transcripts/exports/{export.ref}/"
    assert "on its way" in page(browser, address)
    assert 'hx-trigger="every 2s"' in page(browser, address)
    ship_due()
    assert "in the bucket" in page(browser, address)
    assert 'hx-trigger="every 2s"' not in page(browser, address)


def test_the_page_says_what_went_wrong_and_tries_again(
    browser: Client, cast: Cast, cora: User, server: S3, target: Bucket
) -> None:
    export = sent_off(cast, cora, target)
    address = f"/transcripts/exports/{export.ref}/"
    key = target.key_of(name_of(parts(export)[0]))
    server.client.put_object(Bucket=target.bucket, Key=key, Body=b"somebody's own")
    ship_due()
    text = page(browser, address)
    assert "something else of that name is there already" in text
    assert "The export itself is whole" in text
    assert ship_due() == 0
    server.client.delete_object(Bucket=target.bucket, Key=key)
    assert browser.post(f"{address}act/", {"act": "ship"}).status_code == 302
    assert ship_due() == 1
    assert zipfile.ZipFile(io.BytesIO(content(server, target, name_of(parts(export)[0])))).testzip() is None
    browser.post(f"{address}act/", {"act": "ship"})
    assert "There is nothing that could be brought there." in page(browser, address)
