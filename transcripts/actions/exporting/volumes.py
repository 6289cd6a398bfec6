"""One volume: conversation after conversation into a folder, until it is large enough. Made whole, or made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.actions import redacting
from transcripts.actions.exporting.asking import LINES
from transcripts.actions.exporting.documents import Natives, read
from transcripts.actions.exporting.lines import lines
from transcripts.actions.exporting.profiles import profiled
from transcripts.actions.exporting.sources import Sources
from transcripts.actions.exporting.stories import whole_story
from transcripts.actions.exporting.told import told_of
from transcripts.actions.exporting.withholding import withheld_lines
from transcripts.formats import WRITERS, Document, FolderVolume, Options, Story, Warned, Writer
from transcripts.models import Export, ExportItem, Profile

BATCH = 500
EVENT_BYTES = 300
LINE_BYTES = 600
GONE = "gone"
RECORDS = "records/records.jsonl"
Tick = Callable[[int], None]  # is told the position now and then, and raises Stopped when the work should end


@dataclass
class Done:
    """What came of a volume. `skipped`: positions of conversations that could not be brought, with the reason."""

    first: int
    last: int
    next_bates: int
    records: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    warnings: list[tuple[str, Warned]] = field(default_factory=list)  # with the format
    covered: list[tuple[str, redacting.Use]] = field(default_factory=list)  # with the conversation's reference
    marks: set[int] = field(default_factory=set)  # all that were heeded


class VolumeWriter:
    """Writes one volume of an export into an empty folder; afterwards `volume` lists every file of it."""

    def __init__(self, export: Export, number: int, folder: Path, secret: bytes) -> None:
        self.export = export
        self.secret = secret
        self.volume = FolderVolume(folder, str(folder.parent))
        self.done = Done(export.position + 1, export.position, export.bates_next)
        self._natives = Natives(self.volume, str(folder.parent))
        self._folders = {name: FolderVolume(folder / name, str(folder.parent)) for name in self._others()}
        self._writers = {name: self._writer(name, number) for name in self._others()}
        self._with_lines = LINES in export.formats
        self._size = 0
        self._ahead = 0  # about how much of the records' lines is still to come in this batch

    def _others(self) -> list[str]:
        return [name for name in self.export.formats if name != LINES]

    def _writer(self, name: str, number: int) -> Writer:
        options = Options(
            exported_at=self.export.snapshot_at or timezone.now(),
            host=settings.SITE_HOST,
            bates_prefix=self.export.bates_prefix or "CHAT",
            bates_start=self.export.bates_next,
            batch=number,
        )
        return WRITERS[name](self._folders[name], options)

    def write(self, tick: Tick) -> Done:
        """Everything up to where the volume is full. Raises Stopped, and what the storage and the database raise."""
        if self._with_lines:
            self.volume.write(RECORDS, self._run(tick))
        else:
            for _chunk in self._run(tick):
                pass
        for name, writer in self._writers.items():
            self._finish(name, writer)
        return self.done

    def _finish(self, name: str, writer: Writer) -> None:
        written = writer.close()
        self.volume.files += [replace(each, path=f"{name}/{each.path}") for each in written.files]
        self.done.counts[name] = dict(written.counts)
        self.done.warnings += [(name, each) for each in written.warnings]
        self.done.next_bates = max(self.done.next_bates, written.next_bates)

    def _run(self, tick: Tick) -> Iterator[bytes]:
        """Batch after batch; yields the records' lines, if they are wanted."""
        while self.done.last < self.export.conversations and not self._is_full():
            rows = ExportItem.objects.filter(export=self.export, position__gt=self.done.last).order_by("position")
            for chunk in self._batch(list(rows[:BATCH]), tick):
                self._size += len(chunk)
                yield chunk

    def _is_full(self) -> bool:
        return self._size + self._ahead >= self.export.volume_bytes

    def _batch(self, items: Sequence[ExportItem], tick: Tick) -> Iterator[bytes]:
        """A few conversations more. Records that are brought as they are come many at once, in one statement."""
        first = self.done.last + 1
        sources = Sources(items, self.export.profile, with_redactions=self.export.with_redactions)
        for item in items:
            tick(self.done.last)
            if item.conversation_id in sources.marks:  # its lines are put together one by one, after those before it
                yield from self._straight(first)
                first = item.position + 1
            self.done.last = item.position
            yield from self._conversation(item, sources)
            if self._is_full():
                break
        yield from self._straight(first)

    def _straight(self, first: int) -> Iterator[bytes]:
        """The records from position `first` on, as they are."""
        self._ahead = 0
        if self._with_lines and self.export.profile == Profile.FULL and first <= self.done.last:
            yield from lines(self.export.pk, first, self.done.last)

    def _conversation(self, item: ExportItem, sources: Sources) -> Iterator[bytes]:
        if item.conversation_id not in sources.present:
            self.done.skipped[item.position] = GONE
            return
        self.done.records += item.last
        self._ahead += item.last * LINE_BYTES * self._with_lines
        marks = sources.marks.get(item.conversation_id)
        if self._writers or marks or self.export.profile != Profile.FULL:
            yield from self._story(sources.conversation(item), item, marks)
        else:
            self._bring(item.ref, sources.documents(item))

    def _story(self, conversation: Conversation, item: ExportItem, marks: redacting.Marks | None) -> Iterator[bytes]:
        records, profile = told_of(item.conversation_id, item.last), self.export.profile
        covered = redacting.covered(records, marks)
        whole = whole_story(conversation, covered.records, named=records, called=covered.people)
        story = profiled(whole, profile, self.secret)
        if marks:
            story = redacting.hidden(story, covered, profile)
        self.done.covered += [(conversation.ref, use) for use in covered.uses]
        self.done.marks |= {row.pk for row in marks.rows} if marks else set()
        for writer in self._writers.values():
            writer.add(story, read)
        self._size += weight(story) * len(self._writers)
        if not self._with_lines:
            return
        self._bring(story.ref, ((event.number, event.document) for event in story.events if event.document))
        if marks or profile != Profile.FULL:
            yield from withheld_lines(covered.records, whole, story, profile)

    def _bring(self, ref: str, documents: Iterable[tuple[int, Document]]) -> None:
        for number, document in documents:
            found = self._natives.bring(ref, number, document)
            if isinstance(found, int):
                self._size += found
            elif found.code != "absent":
                self.done.warnings.append((LINES, found))


def weight(story: Story) -> int:
    """About how many bytes a story comes to in one format; its files exactly."""
    texts = sum(len(event.text.encode("utf-8", "replace")) + EVENT_BYTES for event in story.events)
    return texts + sum(event.document.size for event in story.events if event.document)
