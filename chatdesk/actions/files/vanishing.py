"""Taking something out of the storage so that no version of it is left, and looking whether that is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage


class StillThere(Exception):
    """The storage keeps it, whatever it answered: locked, or a version that could not be deleted."""


@dataclass(frozen=True)
class Vanished:
    """What was deleted: how many versions (1 in a storage that has none; 0 if it was gone already)."""

    name: str
    versions: int


def vanish(name: str) -> Vanished:
    """Delete every version of an object, and the marks of earlier deletions. Doing it again does nothing more.

    Raises StillThere if it can still be found afterwards, and the storage's own error if it can't be asked.
    A storage that is not told to keep versions still overwrites nothing: see docs/operating.md for file systems.
    """
    bucket = getattr(default_storage, "bucket", None)
    return _from_files(name) if bucket is None else _from_bucket(bucket, _key_of(name))


def is_there(name: str) -> bool:
    """Whether any version of it is left."""
    bucket = getattr(default_storage, "bucket", None)
    return default_storage.exists(name) if bucket is None else bool(_versions(bucket, _key_of(name)))


def _from_files(name: str) -> Vanished:
    was_there = default_storage.exists(name)
    default_storage.delete(name)
    if default_storage.exists(name):
        raise StillThere
    return Vanished(name, int(was_there))


def _from_bucket(bucket: Any, key: str) -> Vanished:
    """One by one: a plain delete would only put a mark on top, and answer that all is well."""
    found = _versions(bucket, key)
    for version in found:
        version.delete()
    if _versions(bucket, key):
        raise StillThere
    return Vanished(key, len(found))


def _versions(bucket: Any, key: str) -> list[Any]:
    return [each for each in bucket.object_versions.filter(Prefix=key) if each.object_key == key]


def _key_of(name: str) -> str:
    """What S3Storage calls it in its bucket: below its own folder."""
    location = str(getattr(default_storage, "location", "")).strip("/")
    return f"{location}/{name}" if location else name
