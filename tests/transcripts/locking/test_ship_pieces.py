"""Large volumes go in pieces, and go on where they broke off."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from accounts.models import User
from tests.factories import Cast
from tests.services.s3 import S3
from tests.transcripts.locking.deliveries import content, sent_off, the_shipment
from transcripts.actions.buckets import sending
from transcripts.actions.buckets.sending import Parcel, arrived, send
from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.exporting.shipping import ship_due
from transcripts.models import Bucket, ExportPart, Shipment

pytestmark = pytest.mark.once
State = Shipment.State
SMALL = 5 << 20  # the least that a piece may have


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
