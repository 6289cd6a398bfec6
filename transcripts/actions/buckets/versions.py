"""Objects with all their versions: the only way to know what a bucket still has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transcripts.actions.buckets.reaching import client_of
from transcripts.actions.buckets.trouble import Trouble, told
from transcripts.models import Bucket

KINDS = ("Versions", "DeleteMarkers")


def versions(bucket: Bucket, name: str) -> list[str]:
    """The ids of every version with content, the newest first. Raises Trouble."""
    return [row["VersionId"] for kind, row in _listed(bucket, name) if kind == "Versions"]


def vanish(bucket: Bucket, name: str) -> int:
    """Delete every version and every mark of a deletion, and look; how many there were. Raises Trouble.

    What is locked stays: `locked`.
    """
    found = list(_listed(bucket, name))
    client, key = client_of(bucket), bucket.key_of(name)
    for _kind, row in found:
        with told():
            client.delete_object(Bucket=bucket.bucket, Key=key, VersionId=row["VersionId"])
    if any(_listed(bucket, name)):
        raise Trouble("locked")
    return len(found)


def _listed(bucket: Bucket, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    client, key = client_of(bucket), bucket.key_of(name)
    with told():
        pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket.bucket, Prefix=key)
        for page in pages:
            yield from ((kind, row) for kind in KINDS for row in page.get(kind, []) if row["Key"] == key)
