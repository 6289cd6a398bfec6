"""Conversations that end while locked copies are made, and ways to look at what lies in the bucket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from chatdesk.models import Conversation
from tests.factories import Cast
from tests.services.s3 import KEY, S3, SECRET
from tests.transcripts.exporting.archive import talked
from transcripts.actions import heads
from transcripts.actions.locking.keeping import keep_due
from transcripts.models import Bucket, LockedCopy, LockedRules

PLAIN = "plain"  # one without
MARKER = "Zwetschgendatschi"


def make_bucket(server: S3, bucket: str, **facts: Any) -> Bucket:
    known = {"endpoint": server.url, "region": "us-east-1", "access_key": KEY, "prefix": "desk"}
    made = Bucket(name=facts.pop("name", bucket), bucket=bucket, **{**known, **facts})
    made.secret_key = SECRET
    made.save()
    return made


def switch_on(bucket: Bucket | None = None, **facts: Any) -> LockedRules:
    rules = LockedRules.load()
    for name, value in {"is_on": True, "bucket": bucket, "days": 30, **facts}.items():
        setattr(rules, name, value)
    rules.save()
    return rules


def ended(cast: Cast, *words: str, **facts: Any) -> Conversation:
    """A conversation that has ended, and whose end a signed head knows."""
    chat = talked(cast, *(words or (f"Is the {MARKER} fresh?",)), **facts)
    heads.sign()
    return chat


def locked(cast: Cast, **facts: Any) -> LockedCopy:
    """The copy of a conversation that has just ended."""
    chat = ended(cast, **facts)
    assert keep_due() == 1
    return LockedCopy.objects.get(conversation=chat)


def again_at_once() -> None:
    """As if the time until the next try had passed."""
    LockedCopy.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def rows_of(server: S3, bucket: str) -> list[tuple[str, str]]:
    """Every version in the bucket, and every mark of a deletion, as (key, version)."""
    found = server.client.list_object_versions(Bucket=bucket)
    rows = [row for kind in ("Versions", "DeleteMarkers") for row in found.get(kind, [])]
    return [(row["Key"], row["VersionId"]) for row in rows]


def bytes_of(server: S3, bucket: str) -> dict[tuple[str, str], bytes]:
    rows = rows_of(server, bucket)
    read = server.client.get_object
    return {(key, version): read(Bucket=bucket, Key=key, VersionId=version)["Body"].read() for key, version in rows}
