"""One large file into a bucket, in pieces, under a name that nothing has yet. Broken off, it goes on where it was."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from botocore.exceptions import ClientError

from transcripts.actions.buckets.reaching import client_of
from transcripts.actions.buckets.trouble import Trouble, told
from transcripts.models import Bucket

PIECE = 8 << 20  # an upload in pieces has none under 5 MiB but its last, and 10,000 at most
MOST_PIECES = 10_000
ABSENT = ("404", "NoSuchKey", "NotFound")
Tick = Callable[[str, int], None]  # is told the upload's id and how many bytes are there; may raise


@dataclass(frozen=True)
class Parcel:
    """What is to lie in the bucket: `sha256` in hex, of all of it."""

    bucket: Bucket
    name: str
    size: int
    sha256: str

    @property
    def where(self) -> dict[str, str]:
        return {"Bucket": self.bucket.bucket, "Key": self.bucket.key_of(self.name)}

    @property
    def piece(self) -> int:
        """Bytes of a piece: at most so many pieces, whatever the size."""
        return max(PIECE, -(-self.size // MOST_PIECES))


def arrived(parcel: Parcel) -> str | None:
    """The version under which it is there already, empty in a bucket without versions; None if nothing is.

    Raises Trouble `taken` if it is something else, and what the storage says.
    """
    with told():
        try:
            head = client_of(parcel.bucket).head_object(**parcel.where)
        except ClientError as error:
            if str(error.response.get("Error", {}).get("Code")) in ABSENT:
                return None
            raise
    if (head["ContentLength"], head["Metadata"].get("sha256")) != (parcel.size, parcel.sha256):
        raise Trouble("taken")
    return str(head.get("VersionId", ""))


def send(parcel: Parcel, file: IO[bytes], upload: str, tick: Tick) -> None:
    """Bring it there; `upload` names what an earlier try began. Raises Trouble `changed` if the file is another one."""
    if parcel.size <= PIECE:
        data = file.read(PIECE + 1)
        if hashlib.sha256(data).hexdigest() != parcel.sha256:
            raise Trouble("changed")
        put = client_of(parcel.bucket).put_object
        _unless_there(put, **parcel.where, Body=data, **_checked(data), **_facts(parcel))
        return
    upload = _begun(parcel, upload)
    pieces = list(_pieces(parcel, file, upload, tick))
    complete = client_of(parcel.bucket).complete_multipart_upload
    _unless_there(complete, **parcel.where, UploadId=upload, MultipartUpload={"Parts": pieces})


def give_up(parcel: Parcel, upload: str) -> None:
    """Leave no pieces behind. Raises Trouble."""
    if upload:
        with told():
            client_of(parcel.bucket).abort_multipart_upload(**parcel.where, UploadId=upload)


def _facts(parcel: Parcel) -> dict[str, Any]:
    return {"ContentType": "application/zip", "Metadata": {"sha256": parcel.sha256}}


def _unless_there(put: Callable[..., Any], **facts: Any) -> None:
    """Only where nothing is, as the storage itself sees it, if it knows If-None-Match (RFC 9110, 13.1.2)."""
    with told():
        try:
            put(**facts, IfNoneMatch="*")
        except ClientError as error:
            if str(error.response.get("Error", {}).get("Code")) != "NotImplemented":
                raise
            put(**facts)


def _begun(parcel: Parcel, upload: str) -> str:
    """What was begun already, or a new beginning. A worker that was killed may not have noted the one it began."""
    client = client_of(parcel.bucket)
    with told():
        found = client.list_multipart_uploads(Bucket=parcel.bucket.bucket, Prefix=parcel.where["Key"])
        known = [each["UploadId"] for each in found.get("Uploads", []) if each["Key"] == parcel.where["Key"]]
        if upload in known or known:
            return upload if upload in known else str(known[-1])
        begun = client.create_multipart_upload(**parcel.where, **_facts(parcel), ChecksumAlgorithm="SHA256")
    return str(begun["UploadId"])


def _pieces(parcel: Parcel, file: IO[bytes], upload: str, tick: Tick) -> Iterator[dict[str, Any]]:
    """Each piece as it has to be named in the end; what is there already is only read again, for the hash of all."""
    there, whole, sent = _there(parcel, upload), hashlib.sha256(), 0
    for number, data in enumerate(iter(lambda: file.read(parcel.piece), b""), 1):
        whole.update(data)
        sent += len(data)
        checksum = _checksum(data)
        mark = _known(there.get(number), data, checksum) or _piece(parcel, upload, number, data)
        tick(upload, sent)
        yield {"PartNumber": number, "ETag": mark, "ChecksumSHA256": checksum}
    if whole.hexdigest() != parcel.sha256:
        raise Trouble("changed")


def _known(row: dict[str, Any] | None, data: bytes, checksum: str) -> str:
    """The mark (ETag) of a piece that is there, if it is this one. Who lists no checksums has MD5 for a mark."""
    if row is None or row["Size"] != len(data):
        return ""
    mark = str(row["ETag"])
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return mark if row.get("ChecksumSHA256") == checksum or mark.strip('"') == md5 else ""


def _there(parcel: Parcel, upload: str) -> dict[int, dict[str, Any]]:
    """What has arrived, by the number of the piece."""
    with told():
        pages = client_of(parcel.bucket).get_paginator("list_parts").paginate(**parcel.where, UploadId=upload)
        return {row["PartNumber"]: row for page in pages for row in page.get("Parts", [])}


def _piece(parcel: Parcel, upload: str, number: int, data: bytes) -> str:
    with told():
        answer = client_of(parcel.bucket).upload_part(
            **parcel.where, UploadId=upload, PartNumber=number, Body=data, **_checked(data)
        )
    return str(answer["ETag"])


def _checked(data: bytes) -> dict[str, str]:
    """What makes the storage compare what it received with what was sent."""
    return {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": _checksum(data)}


def _checksum(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()
