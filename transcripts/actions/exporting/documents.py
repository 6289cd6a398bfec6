"""The files that conversations hold, read from the storage for an export; what is not as recorded becomes a warning."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import default_storage

from chatdesk.actions.files.storing import place_of
from transcripts.formats import Document, Volume, Warned
from transcripts.formats.fetching import Fault, fetch
from transcripts.formats.volume import chunks_of


def read(document: Document) -> Iterator[bytes] | None:
    """The document's bytes in chunks; None if it has no place. Raises the storage's own error while it is read."""
    return _chunks(document.key) if document.key else None


def _chunks(key: str) -> Iterator[bytes]:
    with default_storage.open(place_of(key), "rb") as file:
        yield from chunks_of(file)


class Natives:
    """The files as they were sent, beside the records: each once in a volume, under the hash that its record names."""

    def __init__(self, volume: Volume, scratch: str) -> None:
        self._volume = volume
        self._scratch = scratch
        self._here: set[bytes] = set()

    def bring(self, ref: str, number: int, document: Document) -> Warned | int:
        """Copy it in: its size, 0 if it is here already. Missing, unreadable or not the recorded one: a warning."""
        mark = bytes.fromhex(document.sha256)[:12]
        if mark in self._here and not document.missing:
            return 0
        found = fetch(document, read, self._scratch)
        if isinstance(found, Fault):
            return Warned(ref, number, "", found.code, found.detail, found.expected, found.found)
        with found.bytes:
            self._volume.write(f"files/{found.sha256[:2]}/{found.sha256}", chunks_of(found.bytes))
        self._here.add(mark)
        return int(found.size)
