"""Where locked copies lie: a bucket with Object Lock, or a folder of this desk, which can promise nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from boto3.s3.transfer import TransferConfig
from django.conf import settings

from transcripts.actions.buckets.reaching import client_of
from transcripts.actions.buckets.trouble import Trouble, told
from transcripts.actions.buckets.versions import vanish, versions
from transcripts.formats.volume import chunks_of
from transcripts.models import Bucket
from transcripts.proof.locked import NotLocked, read_header

ONE_THREAD = TransferConfig(use_threads=False, multipart_threshold=64 << 20, multipart_chunksize=32 << 20)


@dataclass(frozen=True)
class Lock:
    """What the storage is asked to promise. `mode`: COMPLIANCE or GOVERNANCE."""

    mode: str
    until: datetime
    is_held: bool = False


@dataclass(frozen=True)
class Found:
    """What is there. `key`: the name of the key that opens it; `mode` empty: nothing but the desk keeps it."""

    key: str
    sha256: str
    size: int
    version: str = ""
    mode: str = ""
    until: datetime | None = None
    is_held: bool = False


class Place(Protocol):
    """Each raises Trouble, and may be done again."""

    def put(self, name: str, file: IO[bytes], facts: Found, lock: Lock) -> None: ...
    def find(self, name: str) -> Found | None: ...
    def read(self, name: str, version: str) -> IO[bytes]: ...
    def hold(self, name: str, *, on: bool) -> None: ...
    def lengthen(self, name: str, mode: str, until: datetime) -> None: ...
    def vanish(self, name: str) -> int: ...


def place_of(bucket: Bucket | None) -> Place:
    return InBucket(bucket) if bucket else InFolder(folder())


def folder() -> Path:
    return Path(settings.VAR) / "locked"


class InBucket:
    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def put(self, name: str, file: IO[bytes], facts: Found, lock: Lock) -> None:
        """A new version under the name, locked from its first moment. The file may be closed afterwards."""
        extra = {
            "ChecksumAlgorithm": "SHA256",
            "ContentType": "application/octet-stream",
            "Metadata": {"key": facts.key, "sha256": facts.sha256},
            "ObjectLockMode": lock.mode,
            "ObjectLockRetainUntilDate": lock.until,
            "ObjectLockLegalHoldStatus": "ON" if lock.is_held else "OFF",
        }
        client, key = client_of(self.bucket), self.bucket.key_of(name)
        with told():
            client.upload_fileobj(file, self.bucket.bucket, key, ExtraArgs=extra, Config=ONE_THREAD)
        if facts.size >= ONE_THREAD.multipart_threshold:  # not every storage locks what came in pieces by itself
            self.lengthen(name, lock.mode, lock.until)
            self.hold(name, on=lock.is_held)

    def find(self, name: str) -> Found | None:
        """The newest version, with the lock that the storage says it has. Without one it is no locked copy."""
        for version in versions(self.bucket, name):
            with told():
                head = client_of(self.bucket).head_object(
                    Bucket=self.bucket.bucket, Key=self.bucket.key_of(name), VersionId=version
                )
            if not head.get("ObjectLockRetainUntilDate"):
                raise Trouble("no-lock")
            return Found(
                key=head["Metadata"].get("key", ""),
                sha256=head["Metadata"].get("sha256", ""),
                size=head["ContentLength"],
                version=version,
                mode=head["ObjectLockMode"],
                until=head["ObjectLockRetainUntilDate"],
                is_held=head.get("ObjectLockLegalHoldStatus") == "ON",
            )
        return None

    def read(self, name: str, version: str) -> IO[bytes]:
        with told():
            answer = client_of(self.bucket).get_object(
                Bucket=self.bucket.bucket, Key=self.bucket.key_of(name), VersionId=version
            )
        body: IO[bytes] = answer["Body"]
        return body

    def hold(self, name: str, *, on: bool) -> None:
        """On every version: a worker that was killed may have left one more than the desk knows."""
        for version in versions(self.bucket, name):
            with told():
                client_of(self.bucket).put_object_legal_hold(
                    Bucket=self.bucket.bucket,
                    Key=self.bucket.key_of(name),
                    VersionId=version,
                    LegalHold={"Status": "ON" if on else "OFF"},
                )

    def lengthen(self, name: str, mode: str, until: datetime) -> None:
        for version in versions(self.bucket, name):
            with told():
                client_of(self.bucket).put_object_retention(
                    Bucket=self.bucket.bucket,
                    Key=self.bucket.key_of(name),
                    VersionId=version,
                    Retention={"Mode": mode, "RetainUntilDate": until},
                )

    def vanish(self, name: str) -> int:
        return vanish(self.bucket, name)


class InFolder:
    """A plain folder. The desk writes nothing over and deletes nothing early; whoever owns the machine can."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, file: IO[bytes], facts: Found, lock: Lock) -> None:
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(".part")
        with unfinished.open("wb") as copy:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        unfinished.chmod(0o400)
        unfinished.replace(place)

    def find(self, name: str) -> Found | None:
        place = self.root / name
        if not place.is_file():
            return None
        with place.open("rb") as file:
            try:
                key = read_header(file).key
            except NotLocked:
                raise Trouble("not-as-sent") from None
            file.seek(0)
            digest = hashlib.sha256()
            for chunk in chunks_of(file):
                digest.update(chunk)
        return Found(key, digest.hexdigest(), place.stat().st_size)

    def read(self, name: str, version: str) -> IO[bytes]:
        try:
            return (self.root / name).open("rb")
        except OSError:
            raise Trouble("gone") from None

    def hold(self, name: str, *, on: bool) -> None:
        """There is nobody to tell: the desk's own holds keep it."""

    def lengthen(self, name: str, mode: str, until: datetime) -> None:
        """The desk's own row says until when."""

    def vanish(self, name: str) -> int:
        was_there = (self.root / name).exists()
        (self.root / name).unlink(missing_ok=True)
        return int(was_there)
