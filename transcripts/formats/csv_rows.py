"""Our own CSV: one row per event, one per conversation, one per stay, as it was (raw) or safe for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO

from transcripts.formats.base import BaseWriter, file_place, reason, with_mark
from transcripts.formats.cells import quoted_row, row
from transcripts.formats.fetching import Fault
from transcripts.formats.options import Options, Reader
from transcripts.formats.people import author_of
from transcripts.formats.story import Event, Person, Story
from transcripts.formats.text import iso
from transcripts.formats.volume import Volume, chunks_of

EVENTS = (
    *("conversation", "number", "seq", "kind", "update", "at", "updated_at", "edited_by", "internal"),
    *("author_key", "author_kind", "author_name", "author_email", "text"),
    *("file_name", "file_type", "file_size", "file_sha256", "file_md5", "file_path", "file_warning"),
)
CONVERSATIONS = (
    *("conversation", "site", "group", "group_slug", "button", "channel", "subject", "language", "opened", "closed"),
    *("visitor_key", "visitor_name", "visitor_email", "events", "tags", "holds", "redacted", "head"),
)
STAYS = ("conversation", "person_key", "person_kind", "person_name", "person_email", "since", "until", "silent")

RAW = """Columns are separated by commas, rows by CRLF, cells quoted as RFC 4180 says; UTF-8 without a mark.
Cells hold the texts as they were. Do not open these files in a spreadsheet: a text that begins with = would run there.
"""
SAFE = """Columns are separated by commas, rows by CRLF, every cell is quoted; UTF-8 with a byte order mark.
An apostrophe stands before all that a spreadsheet could take for a formula: at the start of a cell and after every
separator or line end within it (= + - @ % and their full-width forms, also behind spaces, quotes and invisible signs).
An apostrophe of the text itself in such a place is doubled, so that the original can be had back: take away one
apostrophe from the start of a cell and one after each separator (, ; | TAB CR LF, with the spaces that follow).
"""


def _person(person: Person | None) -> tuple[str, str, str]:
    return (person.key, person.name, person.email) if person else ("", "", "")


def event_cells(story: Story, event: Event, path: str, fault: str) -> tuple[object, ...]:
    """One event in the order of EVENTS."""
    author, document = author_of(story, event), event.document
    facts = (
        (document.name, document.media_type, document.size, document.sha256, document.md5) if document else ("",) * 5
    )
    return (
        *(story.ref, event.number, event.seq, event.kind, event.update, iso(event.at)),
        *(iso(event.updated) if event.updated else "", event.edited_by, "yes" if event.internal else "no"),
        *(author.key, author.kind, author.name, author.email, event.text, *facts, path, fault),
    )


def story_cells(story: Story) -> tuple[object, ...]:
    """One conversation in the order of CONVERSATIONS."""
    return (
        *(story.ref, story.site, story.group, story.group_slug, story.button, story.channel, story.subject),
        *(story.language, iso(story.opened), iso(story.closed) if story.closed else "", *_person(story.visitor)),
        *(len(story.events), "; ".join(story.tags), "; ".join(story.holds), "yes" if story.is_redacted else "no"),
        story.head,
    )


def stay_cells(story: Story) -> Iterator[tuple[object, ...]]:
    """Everybody's times in the order of STAYS."""
    for stay in story.presences:
        person = stay.person
        until, silent = iso(stay.until) if stay.until else "", "yes" if stay.silent else "no"
        yield story.ref, person.key, person.kind, person.name, person.email, iso(stay.since), until, silent


class CsvWriter(BaseWriter):
    """conversations.csv, events.csv, participants.csv, files/, README.txt."""

    row: Callable[[Iterable[object]], str] = staticmethod(row)
    readme = RAW

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        tables = {"conversations.csv": CONVERSATIONS, "events.csv": EVENTS, "participants.csv": STAYS}
        self._tables = {name: self._begin(columns) for name, columns in tables.items()}

    def _begin(self, columns: Iterable[str]) -> IO[bytes]:
        table = self.volume.spool()
        table.write(self.row(columns).encode())
        return table

    def _put(self, table: str, cells: Iterable[object]) -> None:
        self._tables[table].write(self.row(cells).encode())

    def _story(self, story: Story, read: Reader) -> None:
        self._put("conversations.csv", story_cells(story))
        for stay in stay_cells(story):
            self._put("participants.csv", stay)
        for event in story.events:
            self._put("events.csv", event_cells(story, event, *self._file(story, event, read)))

    def _file(self, story: Story, event: Event, read: Reader) -> tuple[str, str]:
        if event.document is None:
            return "", ""
        found = self.carry(story, event, read, file_place(story.ref, event))
        return ("", reason(found)) if isinstance(found, Fault) else (found.path, "")

    def _finish(self) -> None:
        for name, table in self._tables.items():
            self.volume.take(name, table)
        self.volume.write("README.txt", [self.readme.encode()])


class SafeCsvWriter(CsvWriter):
    """The same for spreadsheets (CWE-1236); reversible, see its README."""

    row = staticmethod(quoted_row)
    readme = SAFE

    def _finish(self) -> None:
        for name, table in self._tables.items():
            table.seek(0)
            self.volume.write(name, with_mark(chunks_of(table)))
            table.close()
        self.volume.write("README.txt", [self.readme.encode()])
