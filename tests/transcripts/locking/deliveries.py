"""Exports brought to a bucket: what the tests of it have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from tests.factories import Cast
from tests.services.s3 import S3
from tests.transcripts.exporting.archive import exported, talked
from tests.transcripts.locking.stage import MARKER
from transcripts.models import Bucket, Export, Shipment


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
