"""What load files share: each document as a page and as text, its files beside it, all with facts for the rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from transcripts.formats.base import BaseWriter, encoded, reason
from transcripts.formats.days import Day, days
from transcripts.formats.fetching import Fault
from transcripts.formats.names import safe_name
from transcripts.formats.options import Reader, WrittenFile
from transcripts.formats.page import file_link, no_file, story_page
from transcripts.formats.plain import text_of
from transcripts.formats.story import FILE_DELETED, Document, Event, Story


@dataclass(frozen=True, slots=True)
class Child:
    """A file of a document. `native` or `fault`, never both."""

    id: str
    event: Event
    document: Document
    native: WrittenFile | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Produced:
    """A document that was written."""

    id: str
    day: Day
    native: WrittenFile
    text: WrittenFile
    children: Sequence[Child]


def ending(name: str) -> str:
    """ ".pdf", or nothing."""
    return PurePosixPath(safe_name(name)).suffix[:16].lower()


class LoadWriter(BaseWriter):
    """Subclasses name the documents and write a row for each."""

    @abstractmethod
    def _name(self, day: Day, event: Event | None) -> str: ...

    @abstractmethod
    def _path(self, folder: str, name: str, ending: str) -> str: ...

    @abstractmethod
    def _row(self, produced: Produced) -> None: ...

    def _story(self, story: Story, read: Reader) -> None:
        for day in days(story, self.options):
            self._row(self._produce(day, read))

    def _produce(self, day: Day, read: Reader) -> Produced:
        name = self._name(day, None)
        children = {id(event): self._child(day, event, read) for event in day.story.events if _has_file(event)}
        page = story_page(day.story, lambda event: _beside(event, children.get(id(event))))
        native = self.volume.write(self._path("natives", name, ".html"), encoded(page))
        text = self.volume.write(self._path("text", name, ".txt"), encoded(text_of(day.story)))
        return Produced(name, day, native, text, list(children.values()))

    def _child(self, day: Day, event: Event, read: Reader) -> Child:
        document = event.document or Document("", "", 0, "")
        name = self._name(day, event)
        found = self.carry(day.story, event, read, self._path("natives", name, ending(document.name)))
        if isinstance(found, Fault):
            return Child(name, event, document, None, found)
        return Child(name, event, document, found, None)


def _has_file(event: Event) -> bool:
    return event.document is not None and event.update != FILE_DELETED


def _beside(event: Event, child: Child | None) -> str:
    if child and child.native:
        folders = "../" * child.native.path.count("/")
        return file_link(child.document.name, folders + child.native.path, f"({child.id})")
    if event.document is None:
        return ""
    return no_file(event.document.name, reason(child.fault) if child and child.fault else "deleted")
