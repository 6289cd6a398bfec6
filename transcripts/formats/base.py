"""What all writers share: counting, fetching files with a warning instead of a failure, closing."""

from __future__ import annotations

import codecs
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from transcripts.formats.fetching import Fault, Fetched, fetch
from transcripts.formats.names import safe_name
from transcripts.formats.options import Options, Reader, Warned, Written, WrittenFile
from transcripts.formats.rooms import Room
from transcripts.formats.story import DELETED, FILE_DELETED, Event, Story
from transcripts.formats.text import encodable
from transcripts.formats.volume import Volume, chunks_of

REASONS = {
    "missing": "the file was not found in the storage",
    "changed": "the file is not the one that was recorded",
    "unreadable": "the file could not be read to its end",
    "too-large": "the file is larger than this format can carry",
    "absent": "the file is not part of this export",
}


class BaseWriter(ABC):
    """A writer begins with `_story`, which tells one story, and `_finish`, which writes what comes last."""

    def __init__(self, volume: Volume, options: Options) -> None:
        self.volume = volume
        self.options = options
        self.counts: Counter[str] = Counter(conversations=0, events=0, files=0)
        self.warnings: list[Warned] = []

    def add(self, story: Story, read: Reader) -> None:
        """Write one story with its files."""
        self._story(story, read)
        self.counts["conversations"] += 1
        self.counts["events"] += len(story.events)

    @abstractmethod
    def _story(self, story: Story, read: Reader) -> None: ...

    def _finish(self) -> None:  # noqa: B027 - some formats have nothing left to write
        """What comes last; nothing where each file is whole when it is written."""

    def close(self) -> Written:
        """Write what comes last, the warnings, and close the volume."""
        self._finish()
        if self.warnings:
            self.volume.write("warning.txt", (encodable(warning_line(each)).encode() for each in self.warnings))
        self.volume.close()
        return Written(self.volume.files, dict(self.counts), self.warnings, self.next_bates)

    @property
    def next_bates(self) -> int:
        """Only load files number their documents."""
        return self.options.bates_start

    @contextmanager
    def fetched(self, story: Story, event: Event, read: Reader) -> Iterator[Fetched | Fault]:
        """The bytes of the event's document while the `with` lasts, or why there are none (noted as a warning)."""
        if event.document is None or event.update == FILE_DELETED:
            yield Fault("absent", "deleted")
            return
        found = fetch(event.document, read, self.volume.scratch)
        if isinstance(found, Fault):
            self.warn(story, event, found)
            yield found
            return
        with found.bytes:
            yield found

    def carry(self, story: Story, event: Event, read: Reader, path: str) -> WrittenFile | Fault:
        """Copy the event's document to a path of the volume; what was written, or why it is not there."""
        with self.fetched(story, event, read) as found:
            if isinstance(found, Fault):
                return found
            self.counts["files"] += 1
            return self.volume.write(path, chunks_of(found.bytes))

    def warn(self, story: Story, event: Event, fault: Fault) -> None:
        """Note what is not in the export."""
        name = event.document.name if event.document else ""
        self.warnings.append(Warned(story.ref, event.number, name, *_facts(fault)))


def _facts(fault: Fault) -> tuple[str, str, str, str]:
    return fault.code, fault.detail, fault.expected, fault.found


def warning_line(warned: Warned) -> str:
    """One line of warning.txt."""
    hashes = f", expected {warned.expected}, found {warned.found}" if warned.expected else ""
    detail = f" ({warned.detail})" if warned.detail else ""
    place = f"conversation {warned.ref}, event {warned.number}, file {safe_name(warned.name)}"
    return f"{place}: {REASONS[warned.code]}{detail}{hashes}\n"


def reason(fault: Fault) -> str:
    """What stands in place of a file that is not there."""
    return f"{REASONS[fault.code]}{f' ({fault.detail})' if fault.detail else ''}"


def file_place(ref: str, event: Event) -> str:
    """Where a document goes: of its conversation, with the number of its event before its own name."""
    name = event.document.name if event.document else ""
    return f"files/{ref}/{event.number}-{safe_name(name)}"


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """Text in UTF-8, many small pieces to few chunks."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > 64_000:
            yield encodable("".join(kept)).encode()
            kept, length = [], 0
    yield encodable("".join(kept)).encode()


def with_mark(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-8 with the byte order mark that spreadsheets and review tools ask for."""
    yield codecs.BOM_UTF8
    yield from chunks


def shown_text(event: Event) -> str:
    """What archives expect of a deleted message or file: its text or name with "delete " before it."""
    if event.update == FILE_DELETED and event.document and not event.text:
        return f"delete {event.document.name}"
    return f"delete {event.text}" if event.update in (DELETED, FILE_DELETED) else event.text


def room_title(room: Room) -> str:
    """The name of a room, never empty."""
    return room.name or room.key
